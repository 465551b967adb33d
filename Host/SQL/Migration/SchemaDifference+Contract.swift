import HostManifest

/// What fills rows, and what takes away or narrows once the host of before is gone.
extension SchemaDifference {
    mutating func backfill(_ table: TableModel) {
        for column in unfilled(table) where column.isFilled == false {
            fill(column.column, of: table, in: .backfill)
        }
    }

    mutating func contract(_ table: TableModel) {
        // Once more: the host of before may have left values out until now.
        for column in unfilled(table) where !isRequired(column.column, in: table) {
            fill(column.column, of: table, in: .contract)
        }
        requireColumns(table)
        narrowChecks(table)
        contractTriggers(table)
        contractIndexes(table)
        dropColumns(table)
        if table.search == nil { forgetSearch(of: table.name, in: .contract) }
        guard let there = model.table(table.name), there.rights != table.rights else { return }
        step(
            .contract, "take rights on \(path(table.name)) back",
            .statements(["REVOKE ALL ON \(table.quotedName) FROM \(SchemaDDL.role)", table.grant]), on: table.name
        ) { $0.rights = table.rights }
    }

    /// Columns with a default that may still be empty in old rows.
    private func unfilled(_ table: TableModel) -> [(column: ColumnModel, isFilled: Bool)] {
        guard let there = model.table(table.name) else { return [] }
        return table.columns.compactMap { column in
            guard let old = there.column(column.name), old.isNullable, !column.isNullable, column.defaultText != nil
            else { return nil }
            return (column, old.isFilled)
        }
    }

    private mutating func fill(_ column: ColumnModel, of table: TableModel, in phase: MigrationStep.Phase) {
        guard let value = column.defaultText else { return }
        let backfill = Backfill(table: table.quotedName, column: column.name, value: value)
        step(phase, "fill \(path(table.name, column.name)) with its default", .backfill(backfill), on: table.name) {
            $0.change(column.name) { $0.isFilled = true }
        }
    }

    /// Whether new rows must have it already.
    private func isRequired(_ column: ColumnModel, in table: TableModel) -> Bool {
        let name = requirement(table.name, column.name)
        return model.table(table.name)?.constraints.contains { $0.name == name } ?? false
    }

    /// `SET NOT NULL` reads all rows under a lock, unless a checked rule already says that none is empty.
    private mutating func requireColumns(_ table: TableModel) {
        for column in table.columns where !column.isNullable {
            guard let there = model.table(table.name), there.column(column.name)?.isNullable == true else { continue }
            let name = requirement(table.name, column.name)
            let rule = ConstraintModel(
                name: name, kind: .check, definition: "CHECK (\(SQLName.quoted(column.name)) IS NOT NULL)")
            let waiting = there.constraints.first { $0.name == name }
            if waiting == nil {
                let statement = "ALTER TABLE \(table.quotedName) ADD \(rule.clause) NOT VALID"
                step(
                    .contract, "require \(path(table.name, column.name)) of new rows", .statements([statement]),
                    on: table.name
                ) { $0.add(rule, isValidated: false) }
            }
            if waiting?.isValidated != true { validateRequirement(name, column, table) }
            step(
                .contract, "require \(path(table.name, column.name))",
                .statements([alter(table, column, "SET NOT NULL"), drop(name, table)]), on: table.name
            ) {
                $0.constraints.removeAll { $0.name == name }
                $0.change(column.name) { kept in
                    kept.isNullable = false
                    kept.isFilled = false
                }
            }
        }
    }

    private mutating func validateRequirement(_ name: String, _ column: ColumnModel, _ table: TableModel) {
        let refusal = refusal(
            .narrowedValue, at: place(of: column.name, in: table.name),
            "there are records without `\(column.name)`")
        let validation = Validation(
            table: table.quotedName, constraint: name, undo: drop(name, table), refusal: refusal)
        step(
            .contract, "check that \(path(table.name, column.name)) is nowhere empty", .validation(validation),
            on: table.name
        ) { $0.validated(name) }
    }

    private mutating func narrowChecks(_ table: TableModel) {
        for constraint in table.constraints where constraint.kind == .check {
            let there = model.table(table.name)?.constraints.first { $0.name == constraint.name }
            guard let there, there.definition != constraint.definition else { continue }
            exchange(there, for: constraint, of: table, in: .contract)
        }
    }

    private mutating func contractTriggers(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        let changed = table.triggers.filter { !there.triggers.contains($0) }
        let gone = there.triggers.filter { !table.triggers.contains($0) }
        guard !changed.isEmpty || !gone.isEmpty || there.states != table.states else { return }
        let statements =
            gone.map { "DROP TRIGGER \(SQLName.quoted($0.name)) ON \(table.quotedName)" } + changed.map(\.definition)
        step(
            .contract, "close ways between statuses of \(path(table.name))", .statements(statements), on: table.name
        ) {
            $0.triggers = table.triggers
            $0.states = table.states
        }
    }

    private mutating func contractIndexes(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        for index in there.indexes where !table.indexes.contains(where: { $0.name == index.name }) {
            let statement = "DROP INDEX \(SQLName.quoted(model.schema)).\(SQLName.quoted(index.name))"
            step(
                .contract, "drop index \(index.name) of \(path(table.name))", .statements([statement]), on: table.name
            ) { $0.indexes.removeAll { $0.name == index.name } }
        }
    }

    private mutating func dropColumns(_ table: TableModel) {
        for column in model.table(table.name)?.columns.filter(\.isRetired) ?? [] {
            let statement = "ALTER TABLE \(table.quotedName) DROP COLUMN \(SQLName.quoted(column.name))"
            step(
                .contract, "drop column \(path(table.name, column.name))", .statements([statement]), on: table.name
            ) { $0.remove(column: column.name) }
        }
    }
}
