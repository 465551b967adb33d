import HostManifest

/// The SQL text that turns rows of one table into the JSON of its records.
struct RecordForm: Hashable, Sendable {
    let table: RecordTable
    /// The tables of the lines, each with the member that holds them.
    let children: [Child]

    struct Child: Hashable, Sendable {
        let table: RecordTable
        let member: String
    }

    init(_ table: RecordTable, in set: ManifestSet) {
        self.table = table
        let plugin = table.reference.plugin
        children = (set[plugin]?.children(of: table.entity) ?? []).compactMap { entity in
            entity.parent.map { Child(table: RecordTable(entity, of: plugin), member: $0.member) }
        }
    }

    /// `t."id", t."version", …`: what a record shows of itself.
    func members(_ alias: String) -> String { Self.members(of: table, alias) }

    /// The members, and one more for each kind of line, in the lines' order.
    func membersWithChildren(_ alias: String) -> String {
        ([members(alias)] + children.map { lines($0, of: alias) }).joined(separator: ", ")
    }

    /// `, r."status", r."created_by"::text`: what the record's next actions depend on; empty without statuses.
    func standing(_ alias: String) -> String {
        guard let states = table.entity.states else { return "" }
        return ", \(alias).\(SQLName.quoted(states.field)), \(alias).\"created_by\"::text"
    }

    /// A scalar subquery with the record's JSON. A row of a subquery, since a function takes at most 100 arguments.
    func json(_ alias: String) -> String {
        "(SELECT row_to_json(r) FROM (SELECT \(membersWithChildren(alias))) r)"
    }

    /// The JSON of the row `alias` as a selection has it; the row's columns must be there.
    ///
    /// - Parameters:
    ///   - hasChildren: Whether lines come along that the selection doesn't leave out, as where one record is read.
    ///   - viewer: The parameter with the user, where the selection has one.
    func selected(
        _ selection: RecordSelection, of alias: String, hasChildren: Bool = false, viewer: String = ""
    ) -> String {
        guard !selection.isAll || hasChildren else { return rowJSON(alias) }
        let isShown = { (member: String) in selection.members?.contains(member) ?? true }
        let columns = table.shownColumns.filter { isShown($0.name) }.map { $0.member(alias) }
        let included = Set(selection.includes.map(\.inclusion.member))
        let plain = children.filter { hasChildren && isShown($0.member) && !included.contains($0.member) }
            .map { lines($0, of: alias) }
        let includes = selection.includes.map { InclusionText(viewer: viewer).member($0, of: alias) }
        return "(SELECT row_to_json(m) FROM (SELECT \((columns + plain + includes).joined(separator: ", "))) m)"
    }

    private func lines(_ child: Child, of alias: String) -> String {
        let parent = SQLName.quoted(child.table.parentColumn ?? "id")
        let order = child.table.column("position") == nil ? "l.\"id\"" : "l.\"position\", l.\"id\""
        let rows = "SELECT \(Self.members(of: child.table, "c")) FROM \(child.table.name) c"
        return "(SELECT coalesce(json_agg(row_to_json(l) ORDER BY \(order)), '[]'::json) "
            + "FROM (\(rows) WHERE c.\(parent) = \(alias).\"id\") l) AS \(SQLName.quoted(child.member))"
    }

    /// The columns behind the members, as they are stored: for a row that is sorted before it is shown.
    func rawMembers(_ alias: String) -> String { table.shownColumns.map { $0.raw(alias) }.joined(separator: ", ") }

    /// The JSON of such a row.
    func rowJSON(_ alias: String) -> String {
        guard table.columns.contains(where: \.isConverted) else { return "row_to_json(\(alias))" }
        return "(SELECT row_to_json(s) FROM (SELECT \(members(alias))) s)"
    }

    private static func members(of table: RecordTable, _ alias: String) -> String {
        table.shownColumns.map { $0.member(alias) }.joined(separator: ", ")
    }
}
