import HostManifest

/// The words that `q=` finds: those of rows that are there already, and those that nobody keeps any more.
extension SchemaDifference {
    /// The triggers are there by now, so what is written meanwhile has its words already.
    mutating func fillSearch(_ table: TableModel) {
        guard let wanted = table.search, let there = model.table(table.name), there.search != wanted else { return }
        if let kept = there.search, !kept.isPart(of: wanted) { forgetSearch(of: table.name, in: .backfill) }
        let words = SearchDDL(quotedTable: table.quotedName, table: table.name, search: wanted)
        let summary = "find the words of \(wanted.entity)"
        step(
            .backfill, summary, .backfill(Backfill(summary: summary, statement: words.fill)), on: table.name
        ) { $0.search = wanted }
    }

    mutating func forgetSearch(of table: String, in phase: MigrationStep.Phase) {
        guard let search = model.table(table)?.search else { return }
        let summary = "forget the words of \(search.entity)"
        step(
            phase, summary, .backfill(Backfill(summary: summary, statement: SearchDDL.forget(search.entity))),
            on: table
        ) { $0.search = nil }
    }

    /// The triggers that keep words name the entity and its columns as texts, which no rename of PostgreSQL reaches:
    /// they are made anew in the transaction that renames. None for a table that isn't searched.
    func searchTriggers(
        of table: TableModel, as name: String, columns: [String]
    ) -> SearchTriggers {
        guard let search = table.search, search.isKept, search.columns != columns || table.name != name
        else { return SearchTriggers(old: [], new: [], statements: []) }
        let renamed = "\(SQLName.quoted(table.schema)).\(SQLName.quoted(name))"
        let words = SearchDDL(
            quotedTable: renamed, table: name, search: SearchModel(entity: path(name), columns: columns))
        let old = SearchDDL(quotedTable: renamed, table: table.name, search: search).triggers
        let drops = old.map { "DROP TRIGGER \(SQLName.quoted($0.name)) ON \(renamed)" }
        return SearchTriggers(
            old: old.map(\.name), new: words.triggers, statements: drops + words.triggers.map(\.definition))
    }
}

/// Triggers that take the places of others.
struct SearchTriggers {
    let old: [String]
    let new: [NamedDefinition]
    let statements: [String]
}

extension TableModel {
    mutating func replace(_ search: SearchTriggers) {
        for (old, new) in zip(search.old, search.new) {
            for number in triggers.indices where triggers[number].name == old { triggers[number] = new }
        }
    }
}
