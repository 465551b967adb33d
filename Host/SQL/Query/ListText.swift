import HostManifest
import HostModel

/// Makes the text of a list from its shape.
///
/// Each page reads an index `(business_id, column, id)` from one place on: no OFFSET, no sort.
struct ListText: Sendable {
    let form: RecordForm
    let label: String
    let condition: MountCondition

    func statement(_ shape: ListShape) -> SQLStatement {
        var parameters = ParameterNumbers()
        let limit = "LIMIT $\(parameters.next())::int"
        var conditions = shape.conditions.map { comparison($0, &parameters) }
        if shape.hasSearch { conditions.append(search("$\(parameters.next())")) }
        if shape.isOwn { conditions.append("t.\"created_by\" = $\(parameters.next())::uuid") }
        conditions += archivedCondition(shape.archived)
        let pages = starts(shape, &parameters).map { start in
            page(shape.sort, conditions + start, limit)
        }
        let text =
            "SELECT \(form.rowJSON("r"))::text, r.\(SQLName.quoted(shape.sort.column))::text, r.\"id\"::text "
            + "FROM (\(pages.joined(separator: " UNION ALL "))) r ORDER BY \(order(shape.sort, "r")) \(limit)"
        return SQLStatement(name: shape.name(in: form.table).map { SQLName.fitted("\(label).\($0)") }, text: text)
    }

    private func page(_ sort: ListQuery.Sort, _ conditions: [String], _ limit: String) -> String {
        let all = conditions.isEmpty ? ["true"] : conditions
        return "(SELECT \(form.rawMembers("t")) FROM \(form.table.name) t "
            + "WHERE \(all.joined(separator: " AND "))\(condition.text) ORDER BY \(order(sort, "t")) \(limit))"
    }

    private func order(_ sort: ListQuery.Sort, _ alias: String) -> String {
        let direction = sort.isDescending ? " DESC" : ""
        guard sort.column != "id" else { return "\(alias).\"id\"\(direction)" }
        return "\(alias).\(SQLName.quoted(sort.column))\(direction), \(alias).\"id\"\(direction)"
    }

    /// The conditions that start the page, one list for each part of the index that it reads.
    ///
    /// NULL sorts after every value, but no comparison with it holds: a page that goes on from the values to the
    /// NULLs (ascending), or from the NULLs to the values (descending), reads two parts.
    private func starts(_ shape: ListShape, _ parameters: inout ParameterNumbers) -> [[String]] {
        guard shape.start != .first, let column = form.table.column(shape.sort.column) else { return [[]] }
        let quoted = "t." + SQLName.quoted(column.name)
        let sign = shape.sort.isDescending ? "<" : ">"
        guard shape.start == .value else {
            let nulls = ["\(quoted) IS NULL", "t.\"id\" \(sign) $\(parameters.next())::uuid"]
            return shape.sort.isDescending ? [nulls, ["\(quoted) IS NOT NULL"]] : [nulls]
        }
        let key = "$\(parameters.next())::\(column.type.name)"
        let values = ["(\(quoted), t.\"id\") \(sign) (\(key), $\(parameters.next())::uuid)"]
        return column.isNullable && !shape.sort.isDescending ? [values, ["\(quoted) IS NULL"]] : [values]
    }

    private func comparison(_ condition: ListShape.Condition, _ parameters: inout ParameterNumbers) -> String {
        guard let column = form.table.column(condition.column) else { return "false" }
        let quoted = "t." + SQLName.quoted(column.name)
        let isSet = column.type.comparing == .membership
        switch condition.comparison {
        case .isNull: return condition.isNull ? "\(quoted) IS NULL" : "\(quoted) IS NOT NULL"
        case .oneOf where isSet: return "\(quoted) && $\(parameters.next())::\(column.type.name)"
        case .oneOf: return "\(quoted) = ANY ($\(parameters.next())::\(column.type.name)[])"
        case .equal where column.type.comparing == .span: return "\(quoted) @> $\(parameters.next())::timestamptz"
        case .equal where isSet: return "$\(parameters.next())::text = ANY (\(quoted))"
        case .equal: return "\(quoted) = $\(parameters.next())::\(column.type.name)"
        case .less: return "\(quoted) < $\(parameters.next())::\(column.type.name)"
        case .lessOrEqual: return "\(quoted) <= $\(parameters.next())::\(column.type.name)"
        case .greater: return "\(quoted) > $\(parameters.next())::\(column.type.name)"
        case .greaterOrEqual: return "\(quoted) >= $\(parameters.next())::\(column.type.name)"
        }
    }

    private func search(_ parameter: String) -> String {
        let columns = form.table.entity.fields.filter(\.isSearched).compactMap { form.table.column($0.column) }.map {
            "\($0.type.matchable($0.raw("t"))) ILIKE \(parameter)::text"
        }
        return "(" + columns.joined(separator: " OR ") + ")"
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

/// Counts the parameters of a statement: 1, 2, ….
struct ParameterNumbers {
    private var last = 0

    mutating func next() -> Int {
        last += 1
        return last
    }
}
