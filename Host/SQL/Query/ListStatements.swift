package import HostModel

/// The statements of lists without filters, made once; others are put together when they are asked for.
struct ListStatements: Sendable {
    let text: ListText
    private let common: [ListShape: SQLStatement]
    private let kept: KeptStatements<ListShape>

    init(_ form: RecordForm, label: String, condition: MountCondition) {
        text = ListText(form: form, label: label, condition: condition)
        var common: [ListShape: SQLStatement] = [:]
        for shape in ListShape.common(of: form.table) { common[shape] = text.statement(shape) }
        self.common = common
        kept = KeptStatements(name: label + ".list")
    }

    func statement(_ shape: ListShape) -> SQLStatement {
        if let statement = common[shape] { return statement }
        return kept.statement(shape, isNameable: shape.hasOnePlan(in: text.form.table), make: text.statement)
    }
}

extension EntityPlan {
    /// Reads a page, without lines. Rows, up to one more than the limit: `json`, the sort column's value, `id`.
    ///
    /// The row beyond the limit only tells that there are more; ``ListQuery/Position`` takes the last two columns.
    package func list(_ query: ListQuery, for scope: RecordScope) -> SQLCommand {
        let shape = ListShape(query, isOwn: scope.owner != nil)
        return SQLCommand(lists.statement(shape), shape.parameters(of: query, owner: scope.owner))
    }

    /// Asks for the time before which a list of changes is complete; nil for any other list. Row: the time.
    ///
    /// Run in the list's transaction and before it: a horizon never moves back.
    package func horizon(_ query: ListQuery) -> SQLCommand? {
        query.updatedSince == nil ? nil : SQLCommand(ChangeHorizon.statement, [])
    }

    /// Counts what a list has on all its pages. Row: how many; a capped count goes one beyond its bound.
    ///
    /// - Returns: Nil when the query asks for no count.
    package func count(_ query: ListQuery, for scope: RecordScope) -> SQLCommand? {
        guard query.count != .none else { return nil }
        let shape = ListShape(query, isOwn: scope.owner != nil)
        let bound = query.count == .capped ? ListQuery.countMax + 1 : nil
        return SQLCommand(lists.text.count(shape, upTo: bound), shape.values(of: query, owner: scope.owner))
    }

    /// Finds records by equal values, in the order of their ids, for operations. Rows: `version`, `json`.
    ///
    /// - Parameters:
    ///   - matching: By field name; all must be equal, null matches NULL.
    ///   - limit: How many at most.
    /// - Throws: `validation_failed` for a name that the entity doesn't have.
    package func find(matching: [String: JSONValue], limit: Int) throws(Problem) -> SQLCommand {
        var conditions: [String] = []
        var parameters: [SQLParameter] = []
        for (name, value) in matching.sorted(by: { $0.key < $1.key }) {
            guard let column = table.column(named: name), !column.isSensitive else {
                throw .unknownField(name, of: reference)
            }
            let quoted = "t." + SQLName.quoted(column.name)
            guard let parameter = column.type.parameter(value) else {
                conditions.append("\(quoted) IS NULL")
                continue
            }
            parameters.append(parameter)
            conditions.append("\(quoted) = $\(parameters.count)::\(column.type.name)")
        }
        parameters.append(String(limit))
        let text =
            "SELECT t.\"version\"::text, (SELECT row_to_json(r) FROM (SELECT \(form.members("t"))) r)::text "
            + "FROM \(table.name) t WHERE \(conditions.isEmpty ? "true" : conditions.joined(separator: " AND "))"
            + "\(lists.text.condition.text) ORDER BY t.\"id\" LIMIT $\(parameters.count)::int"
        return SQLCommand(SQLStatement(name: findName(conditions, of: matching), text: text, effect: .none), parameters)
    }

    /// A name for the lookups that operations do over and over, by one or two values that aren't null.
    private func findName(_ conditions: [String], of matching: [String: JSONValue]) -> String? {
        guard (1...2).contains(matching.count), !matching.values.contains(.null) else { return nil }
        return SQLName.fitted("\(label).find=" + matching.keys.sorted().joined(separator: ","))
    }
}
