import HostManifest
import HostModel

/// Makes the query behind an export: all records of a list, without its pages, in the order of their ids.
struct ExportText {
    let form: RecordForm
    let condition: MountCondition
    let query: ExportQuery

    /// What stands in the place of a sensitive value; the value itself never leaves in an export.
    static let mask = "•••"

    var columns: [Column] {
        form.table.shownColumns.filter { query.members?.contains($0.name) ?? true }
    }

    func command(owner: UserID?) -> SQLCommand {
        var list = query.list
        list.sort = ListQuery.Sort("id")
        list.position = nil
        let shape = ListShape(list, isOwn: owner != nil)
        var numbers = ParameterNumbers()
        let rows = ConditionText(form: form).rows(shape, &numbers)
        let from =
            "FROM \(rows.source) WHERE \((rows.conditions + ["true"]).joined(separator: " AND "))\(condition.text) "
            + "ORDER BY t.\"id\""
        return SQLCommand(SQLStatement(name: nil, text: selection(from)), shape.values(of: list, owner: owner))
    }

    private func selection(_ from: String) -> String {
        switch query.format {
        case .csv: "SELECT \(columns.map(cell).joined(separator: ", ")) \(from)"
        case .ndjson:
            "SELECT row_to_json(r)::text FROM (SELECT \(columns.map(member).joined(separator: ", ")) \(from)) r"
        }
    }

    private func member(_ column: Column) -> String {
        let name = SQLName.quoted(column.name)
        guard column.isSensitive else { return seen(column).map { "\($0) AS \(name)" } ?? column.member("t") }
        return "CASE WHEN t.\(name) IS NOT NULL THEN \(SQLName.literal(Self.mask)) END AS \(name)"
    }

    /// The business's own fields without those that are hidden; nil where nothing is.
    private func seen(_ column: Column) -> String? {
        guard column.name == "custom", !query.hidden.isEmpty else { return nil }
        let keys = query.hidden.sorted().map { SQLName.literal($0) }.joined(separator: ", ")
        return "(\(column.raw("t")) - ARRAY[\(keys)]::text[])"
    }

    /// A value as the text of a cell, in the form that bodies take. The session's time zone is UTC.
    private func cell(_ column: Column) -> String {
        let stored = seen(column) ?? "t." + SQLName.quoted(column.name)
        let value = column.type.form.shown(stored) ?? stored
        guard !column.isSensitive else {
            return "CASE WHEN \(value) IS NOT NULL THEN \(SQLName.literal(Self.mask)) END"
        }
        switch column.type.name {
        case "timestamptz": return "replace(\(value)::text, ' ', 'T') || ':00'"
        case "boolean": return "\(value)::text"
        case "text[]":
            // Words have no bar; other texts may have anything.
            if case .words = column.type.format { return "array_to_string(\(value), '|')" }
            return "array_to_json(\(value))::text"
        case "text": return query.isGuarded ? guarded(value) : value
        default: return value
        }
    }

    /// A spreadsheet takes what begins like this for a formula; with an apostrophe in front it is text. One that begins
    /// with an apostrophe gets another, so that taking one away gives every text back.
    private func guarded(_ value: String) -> String {
        "CASE WHEN left(\(value), 1) IN ('=', '+', '-', '@', E'\\t', E'\\r', '''') "
            + "THEN '''' || \(value) ELSE \(value) END"
    }
}

extension EntityPlan {
    /// The COPY that gives every record of an export, in the order of their ids.
    package func export(_ query: ExportQuery, for scope: RecordScope) -> CopyCommand {
        let text = ExportText(form: form, condition: lists.text.condition, query: query)
        return CopyCommand(text.command(owner: scope.owner), query.format == .csv ? .csv : .plain)
    }

    /// The first line of an export as CSV, without its line end: names of members, which need no quotes.
    package func exportHeader(_ query: ExportQuery) -> String {
        ExportText(form: form, condition: lists.text.condition, query: query).columns.map(\.name)
            .joined(separator: ",")
    }
}
