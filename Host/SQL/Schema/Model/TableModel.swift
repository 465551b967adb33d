import HostManifest

/// One table: columns in order, and all that hangs on it, by name.
package struct TableModel: Hashable, Sendable {
    package let schema: String
    package var name: String
    package var columns: [ColumnModel]
    /// In the order of the CREATE TABLE; references to other record tables come after the tables.
    package var constraints: [ConstraintModel]
    package var indexes: [IndexModel]
    package var triggers: [NamedDefinition]
    package var policies: [NamedDefinition]
    /// What the runtime role may: `SELECT, INSERT, UPDATE`.
    package var rights: String
    /// Row-level security is on, for the owner too.
    package var isSecured: Bool
    /// Kept rows change along these ways only; nil for a table without statuses.
    package var states: StatesModel?
    /// What `q=` finds, once the words of all rows are there; nil for a table that isn't searched.
    package var search: SearchModel?
    /// No manifest has it any more; it waits for the contract phase.
    package var isRetired = false

    /// `"hs"."work_order"`.
    package var quotedName: String { SQLName.quoted(schema) + "." + SQLName.quoted(name) }

    package func column(_ name: String) -> ColumnModel? { columns.first { $0.name == name } }

    /// `CREATE TABLE`, with everything but the references to other record tables.
    var create: String {
        let own = constraints.filter { $0.kind != .reference }
        let lines = columns.map(\.definition) + own.map(\.clause)
        return "CREATE TABLE \(quotedName) (\n    \(lines.joined(separator: ",\n    "))\n)"
    }

    var addReferences: [String] {
        constraints.filter { $0.kind == .reference }.map { "ALTER TABLE \(quotedName) ADD \($0.clause)" }
    }

    var createIndexes: [String] { indexes.map { $0.create() } }
    var createTriggers: [String] { triggers.map(\.definition) }

    var access: [String] {
        let security = ["ENABLE", "FORCE"].map { "ALTER TABLE \(quotedName) \($0) ROW LEVEL SECURITY" }
        return (isSecured ? security : []) + policies.map(\.definition) + [grant]
    }

    var grant: String { "GRANT \(rights) ON \(quotedName) TO \(SchemaDDL.role)" }
}

extension TableModel {
    /// The table of an entity, as its parts describe it.
    package init(_ table: RecordTable) {
        let access = AccessDDL(table)
        self.init(
            schema: table.schema, name: table.reference.name, columns: TableDDL(table).columns,
            constraints: TableDDL(table).constraints, indexes: IndexDDL(table).indexes,
            triggers: TriggerDDL(table).triggers + (SearchDDL(table)?.triggers ?? []), policies: access.policies,
            rights: access.rights, isSecured: true, states: table.entity.states.map(StatesModel.init),
            search: SearchModel(table))
    }
}

/// A trigger or a policy: its name and the whole statement that creates it.
package struct NamedDefinition: Hashable, Sendable {
    package let name: String
    package var definition: String

    package init(name: String, definition: String) {
        self.name = name
        self.definition = definition
    }
}
