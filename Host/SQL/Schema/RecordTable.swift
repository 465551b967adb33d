package import HostManifest
package import HostModel

/// The table of one entity: every column in order, and how its parts are called.
package struct RecordTable: Hashable, Sendable {
    package let reference: EntityReference
    package let entity: Entity
    /// All columns, base columns first (in the order of `baseColumns`), the status and its label last.
    package let columns: [Column]
    /// `<parent>_id` of an entity that has a parent.
    package let parentColumn: String?

    /// `"hs"."work_order"`.
    var name: String { SQLName.quoted(schema) + "." + SQLName.quoted(reference.name) }
    var schema: String { reference.plugin.description }

    package init(_ entity: Entity, of plugin: PluginID) {
        reference = EntityReference(plugin: plugin, name: entity.name)
        self.entity = entity
        parentColumn = entity.parent.map { $0.entity + "_id" }
        columns = Self.baseColumns(of: entity) + Self.ownColumns(of: entity, plugin: plugin)
    }

    private static func baseColumns(of entity: Entity) -> [Column] {
        let columns = [
            Column("business_id", .uuid), Column("id", .uuid), Column("version", .version),
            Column("created_at", .timestamp), Column("updated_at", .timestamp), Column("created_by", .uuid),
            Column("updated_by", .uuid), Column("external_id", .text("char_length({}) <= 200"), isNullable: true),
            Column("custom", .document, defaultValue: [:]),
        ]
        return entity.isArchivable ? columns + [Column("archived_at", .timestamp, isNullable: true)] : columns
    }

    private static func ownColumns(of entity: Entity, plugin: PluginID) -> [Column] {
        var columns: [Column] = []
        if let parent = entity.parent {
            let target = Column.Target(EntityReference(plugin: plugin, name: parent.entity))
            columns.append(Column(parent.entity + "_id", .uuid, target: target))
        }
        columns += entity.fields.map { Column($0) }
        if let states = entity.states {
            columns.append(Column(states.field, .words(states.statuses), defaultValue: .string(states.initial)))
            if states.hasLabels {
                let target = Column.Target(schema: "states", table: "label")
                columns.append(Column(StateMachine.labelColumn, .uuid, isNullable: true, target: target))
            }
        }
        return columns
    }

    /// Base columns that only the host writes.
    static let hostColumns: Set<String> = [
        "business_id", "id", "version", "created_at", "updated_at", "created_by", "updated_by", "archived_at",
    ]

    package func column(_ name: String) -> Column? { columns.first { $0.name == name } }

    /// The column behind a name of the manifest or of the JSON: a field, the parent, or a column itself.
    package func column(named name: String) -> Column? {
        if let field = entity.field(name) { return column(field.column) }
        if let parent = entity.parent, parent.entity == name { return column(name + "_id") }
        return column(name)
    }

    /// The columns that a document of changes may set: all but the host's, the status and its label.
    var writableColumns: [Column] {
        columns.filter { !Self.hostColumns.contains($0.name) && !isOfStatus($0.name) }
    }

    /// Whether transitions and their like alone set a column.
    func isOfStatus(_ column: String) -> Bool {
        guard let states = entity.states else { return false }
        return column == states.field || states.hasLabels && column == StateMachine.labelColumn
    }

    /// The members of the record's JSON, in order; the tenant isn't shown, `custom` comes last.
    var shownColumns: [Column] {
        let shown = columns.filter { $0.name != "business_id" && $0.name != "custom" }
        return shown + columns.filter { $0.name == "custom" }
    }

    /// The columns that lists can be sorted by.
    var sortColumns: [Column] {
        var names: [String] = []
        for name in ["created_at"] + entity.sorts { if !names.contains(name) { names.append(name) } }
        return names.compactMap { column(named: $0) }
    }

    /// The column lists of the indexes `(business_id, …, id)`: sorts, declared ones, references, and the time of the
    /// last change, by which clients keep up. None twice.
    var indexedColumns: [[String]] {
        var lists: [[String]] = []
        let references = columns.filter { $0.target != nil }.map { [$0.name] }
        let changes = isSynced ? [["updated_at"]] : []
        let declared = declaredIndexes.filter { !startsWithText($0) }
        for list in sortColumns.map({ [$0.name] }) + declared + references + changes where !lists.contains(list) {
            lists.append(list)
        }
        return lists
    }

    /// The column lists of the declared indexes that begin with a text: they serve equal values and prefixes of it.
    var prefixIndexedColumns: [[String]] {
        var lists: [[String]] = []
        for list in declaredIndexes where startsWithText(list) && !lists.contains(list) { lists.append(list) }
        return lists
    }

    /// Whether lists take `updated_since`: all but lines do, which come with their document.
    var isSynced: Bool { parentColumn == nil || entity.sorts.contains("updated_at") }

    private var declaredIndexes: [[String]] { entity.indexes.map { $0.compactMap { column(named: $0)?.name } } }

    private func startsWithText(_ list: [String]) -> Bool {
        list.first.flatMap { column($0) }.map { $0.type.isFreeText && !$0.type.isCaseless } ?? false
    }

    /// Whether an index starts with the column.
    func isIndexed(_ column: String) -> Bool {
        (indexedColumns + prefixIndexedColumns).contains { $0.first == column }
    }

    /// The column lists that are unique within a business, the external id apart.
    var uniqueColumns: [[String]] {
        var lists = entity.fields.filter(\.isUnique).map { [$0.column] }
        for unique in entity.unique where unique.condition == nil {
            let list = unique.columns.compactMap { column(named: $0)?.name }
            if !lists.contains(list), list != ["external_id"] { lists.append(list) }
        }
        return lists
    }
}

extension RecordTable {
    /// The effect of a statement that makes, changes or deletes records of the table.
    var changed: SQLEffect { .records(mark) }

    var mark: EntityMark { EntityMark(reference.description) }
}
