import HostManifest

/// The SQL text of filters, search and reach: conditions on a row `t`. Lists, counts and aggregates share it.
struct ConditionText: Sendable {
    let form: RecordForm

    /// The rows `t` of a list.
    struct Rows {
        /// What stands behind FROM.
        var source: String
        /// All conditions but where its page starts.
        var conditions: [String]
    }

    /// Parameters in the order of `ListShape.values(of:…)`.
    func rows(_ shape: ListShape, _ parameters: inout ParameterNumbers) -> Rows {
        var rows = Rows(
            source: form.table.name + " t", conditions: shape.conditions.map { comparison($0, &parameters) })
        search(shape.search, &rows, &parameters)
        rows.conditions += others(shape, &parameters)
        return rows
    }

    private func others(_ shape: ListShape, _ parameters: inout ParameterNumbers) -> [String] {
        var conditions: [String] = []
        if shape.isOwn { conditions.append("t.\"created_by\" = $\(parameters.next())::uuid") }
        if shape.isOfChanges {
            let since = "t.\"updated_at\" >= $\(parameters.next())::timestamptz"
            conditions += [since, "t.\"updated_at\" < \(ChangeHorizon.text)"]
        }
        return conditions + archivedCondition(shape.archived)
    }

    private func comparison(_ condition: ListShape.Condition, _ parameters: inout ParameterNumbers) -> String {
        if let custom = condition.custom { return custom.condition(condition, &parameters) }
        guard let column = form.table.column(condition.column) else { return "false" }
        let quoted = "t." + SQLName.quoted(column.name)
        switch condition.comparison {
        case .isNull: return condition.isNull ? "\(quoted) IS NULL" : "\(quoted) IS NOT NULL"
        case _ where column.type.comparing == .membership: return membership(condition, quoted, &parameters)
        case .equal where column.type.comparing == .span: return "\(quoted) @> $\(parameters.next())::timestamptz"
        case .notEqual where column.type.comparing == .span:
            return "(\(quoted) @> $\(parameters.next())::timestamptz) IS NOT TRUE"
        case .oneOf: return "\(quoted) = ANY ($\(parameters.next())::\(column.type.name)[])"
        // The range that every text with the prefix is in; an index with `text_pattern_ops` serves it.
        case .prefix:
            return "(\(bytes(quoted, column)) ~>=~ \(bytes("$\(parameters.next())::text", column)) "
                + "AND \(bytes(quoted, column)) ~<~ \(bytes("$\(parameters.next())::text", column)))"
        // The collation of ICU knows the two cases of all letters, in whatever locale the database was made.
        case .contains: return "\(quoted) COLLATE \"und-x-icu\" ILIKE $\(parameters.next())::text"
        case .between:
            let ends = "$\(parameters.next())::\(column.type.name) AND $\(parameters.next())::\(column.type.name)"
            return "\(quoted) BETWEEN \(ends)"
        default:
            return "\(quoted) \(condition.comparison.sign) $\(parameters.next())::\(column.type.name)"
        }
    }

    /// A text whose bytes are compared; where case doesn't count, that of its lower case.
    private func bytes(_ text: String, _ column: Column) -> String {
        column.type.isCaseless ? "lower(\(column.type.matchable(text)))" : text
    }

    private func membership(
        _ condition: ListShape.Condition, _ quoted: String, _ parameters: inout ParameterNumbers
    ) -> String {
        let parameter = "$\(parameters.next())"
        switch condition.comparison {
        case .oneOf: return "\(quoted) && \(parameter)::text[]"
        case .notEqual: return "(\(parameter)::text = ANY (\(quoted))) IS NOT TRUE"
        default: return "\(parameter)::text = ANY (\(quoted))"
        }
    }

    private func search(_ roles: [SearchPlan.Role], _ rows: inout Rows, _ parameters: inout ParameterNumbers) {
        guard let text = SearchDDL(form.table).map(SearchText.init) else { return }
        for role in roles {
            let (low, high) = ("$\(parameters.next())", "$\(parameters.next())")
            switch role {
            case .collected: rows.source = text.source(low, high)
            case .sifted: rows.conditions.append(text.sifting(low, high))
            case .compared: rows.conditions.append(text.comparing(low, high))
            }
        }
    }

    private func archivedCondition(_ archived: ListQuery.Archived) -> [String] {
        guard form.table.entity.isArchivable else { return [] }
        switch archived {
        case .hidden: return ["t.\"archived_at\" IS NULL"]
        case .only: return ["t.\"archived_at\" IS NOT NULL"]
        case .any: return []
        }
    }
}

extension Filter.Comparison {
    /// The operator between a column and one value.
    var sign: String {
        switch self {
        case .notEqual: "IS DISTINCT FROM"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        default: "="
        }
    }
}

/// Counts the parameters of a statement: 1, 2, ….
struct ParameterNumbers {
    private var last = 0

    mutating func next() -> Int {
        last += 1
        return last
    }
}
