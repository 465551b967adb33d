import HostManifest

/// Renames come first: what follows then compares like with like.
extension SchemaDifference {
    mutating func renameTables() {
        for (new, old) in manifest.formerNames.entities.sorted(by: { $0.key < $1.key }) {
            guard let table = model.table(old), model.table(new) == nil, wanted.table(new) != nil else { continue }
            let statement = "ALTER TABLE \(table.quotedName) RENAME TO \(SQLName.quoted(new))"
            // Words of before are under the former name: those of now are found by a backfill.
            let triggers = searchTriggers(of: table, as: new, columns: table.search?.columns ?? [])
            step(.expand, "rename table \(path(old)) to \(new)", .statements([statement] + triggers.statements)) {
                model in
                model.rename(table: old, to: new)
                for number in model.tables.indices where model.tables[number].name == new {
                    model.tables[number].replace(triggers)
                }
            }
        }
    }

    mutating func renameColumns() {
        for table in wanted.tables {
            for (old, new) in columnRenames(table.name) { rename(column: old, to: new, of: table.name) }
        }
    }

    /// By field, and the parent's column where the parent has another name now.
    private func columnRenames(_ table: String) -> [(old: String, new: String)] {
        guard let entity = manifest.entity(table) else { return [] }
        var renames: [(old: String, new: String)] = []
        if let parent = entity.parent?.entity, let was = manifest.formerNames.entities[parent] {
            renames.append((was + "_id", parent + "_id"))
        }
        for field in entity.fields {
            guard let was = manifest.formerNames.fields[table]?[field.name] else { continue }
            let suffix = field.column.dropFirst(field.name.count)
            renames.append((was + suffix, field.column))
        }
        return renames
    }

    private mutating func rename(column old: String, to new: String, of table: String) {
        guard let there = model.table(table), there.column(old) != nil, there.column(new) == nil else { return }
        let statement =
            "ALTER TABLE \(there.quotedName) RENAME COLUMN \(SQLName.quoted(old)) TO \(SQLName.quoted(new))"
        let columns = there.search?.columns.map { $0 == old ? new : $0 } ?? []
        let triggers = searchTriggers(of: there, as: table, columns: columns)
        step(
            .expand, "rename column \(path(table, old)) to \(new)", .statements([statement] + triggers.statements),
            on: table
        ) {
            $0.rename(column: old, to: new)
            $0.replace(triggers)
            if let search = $0.search {
                $0.search = SearchModel(entity: search.entity, columns: columns, isKept: search.isKept)
            }
        }
    }
}

extension SchemaModel {
    /// As PostgreSQL does it: everything that names the table names it anew.
    mutating func rename(table old: String, to new: String) {
        for number in tables.indices {
            tables[number].mapDefinitions { IdentifierText.renaming($0, table: old, to: new) }
            if tables[number].name == old {
                tables[number].name = new
                tables[number].isRetired = false
            }
        }
    }
}

extension TableModel {
    mutating func rename(column old: String, to new: String) {
        mapDefinitions { IdentifierText.renaming($0, column: old, to: new) }
        for number in columns.indices where columns[number].name == old {
            columns[number].name = new
            columns[number].isRetired = false
        }
        if let machine = states, machine.column == old {
            states = StatesModel(column: new, initial: machine.initial, edges: machine.edges)
        }
    }

    mutating func mapDefinitions(_ change: (String) -> String) {
        for number in constraints.indices { constraints[number].definition = change(constraints[number].definition) }
        for number in indexes.indices { indexes[number].definition = change(indexes[number].definition) }
        for number in triggers.indices { triggers[number].definition = change(triggers[number].definition) }
        for number in policies.indices { policies[number].definition = change(policies[number].definition) }
        for number in columns.indices {
            columns[number].generated = columns[number].generated.map(change)
        }
    }
}
