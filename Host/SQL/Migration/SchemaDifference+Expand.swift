import HostManifest

/// What can be added to, or loosened on, a table that has rows while the running host works on it.
extension SchemaDifference {
    mutating func expand(_ table: TableModel) {
        retireColumns(table)
        for column in table.columns {
            if let there = model.table(table.name)?.column(column.name) {
                change(there, to: column, of: table)
            } else {
                add(column, to: table)
            }
        }
        expandConstraints(table)
        expandIndexes(table)
        expandTriggers(table)
        expandAccess(table)
        probeStates(table)
    }

    // MARK: - Columns

    /// A field that is gone keeps its column; inserts that don't know it must still work.
    private mutating func retireColumns(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        let new = table.columns.filter { there.column($0.name) == nil }
        for column in there.columns where table.column(column.name) == nil && !column.isRetired {
            if let other = new.first(where: { $0.type == column.type && $0.generated == nil }),
                column.generated == nil
            {
                refuse(
                    refusal(
                        .ambiguousField, at: place(of: other.name, in: table.name),
                        "`\(column.name)` is gone and `\(other.name)` is new and of the same type",
                        "Write `was:` with the name of before to keep the values; or remove `\(column.name)` in one "
                            + "migration and add `\(other.name)` in the next."))
                continue
            }
            let isInTheWay = !column.isNullable && column.defaultText == nil && column.generated == nil
            let loosen = alter(table, column, "DROP NOT NULL")
            step(
                .expand, "retire column \(path(table.name, column.name)): its values stay",
                .statements(isInTheWay ? [loosen] : []), on: table.name
            ) {
                $0.change(column.name) { kept in
                    kept.isRetired = true
                    if isInTheWay { kept.isNullable = true }
                }
            }
        }
    }

    private mutating func add(_ column: ColumnModel, to table: TableModel) {
        let isFilled = column.isNullable || column.defaultText != nil || column.generated != nil
        guard isFilled else {
            return refuse(
                refusal(
                    .requiredField, at: place(of: column.name, in: table.name),
                    "`\(column.name)` is required and new: records that are there have no value for it"))
        }
        let statement = "ALTER TABLE \(table.quotedName) ADD COLUMN \(column.definition)"
        // A constant default is kept in the catalogue: no row is touched, however many there are. A generated column
        // is computed for every row at once.
        let action: MigrationStep.Action =
            column.generated == nil ? .statements([statement]) : .rewrite([statement], table: table.quotedName)
        step(.expand, "add column \(path(table.name, column.name)) \(column.type)", action, on: table.name) {
            $0.columns.append(column)
        }
    }

    private mutating func change(_ there: ColumnModel, to column: ColumnModel, of table: TableModel) {
        guard there.type == column.type, (there.generated == nil) == (column.generated == nil) else {
            return refuse(
                refusal(
                    .typeChange, at: place(of: column.name, in: table.name),
                    "`\(column.name)` is \(there.type) and would become \(column.type)"))
        }
        if there.isRetired {
            step(.expand, "take column \(path(table.name, column.name)) back", .statements([]), on: table.name) {
                $0.change(column.name) { $0.isRetired = false }
            }
        }
        if there.generated != column.generated { return rebuild(column, of: table) }
        if there.defaultText != column.defaultText {
            let text = column.defaultText.map { "SET DEFAULT \($0)" } ?? "DROP DEFAULT"
            step(
                .expand, "\(column.defaultText == nil ? "drop" : "set") default of \(path(table.name, column.name))",
                .statements([alter(table, column, text)]), on: table.name
            ) { $0.change(column.name) { $0.defaultText = column.defaultText } }
        }
        if !there.isNullable, column.isNullable {
            step(
                .expand, "let \(path(table.name, column.name)) be empty",
                .statements([alter(table, column, "DROP NOT NULL")]), on: table.name
            ) { $0.change(column.name) { $0.isNullable = true } }
        }
        if there.isNullable, !column.isNullable, column.defaultText == nil, column.generated == nil {
            probe(
                table, "\(SQLName.quoted(column.name)) IS NULL",
                refusal(
                    .narrowedValue, at: place(of: column.name, in: table.name),
                    "`\(column.name)` becomes required, and there are records without a value",
                    "Give it a default, or fill those records first with the manifest of before."))
        }
    }

    /// PostgreSQL can't change a generated column's expression; what hangs on the column goes with it, and comes back.
    private mutating func rebuild(_ column: ColumnModel, of table: TableModel) {
        let statements = [
            "ALTER TABLE \(table.quotedName) DROP COLUMN \(SQLName.quoted(column.name))",
            "ALTER TABLE \(table.quotedName) ADD COLUMN \(column.definition)",
        ]
        step(
            .expand, "compute \(path(table.name, column.name)) anew",
            .rewrite(statements, table: table.quotedName), on: table.name
        ) {
            $0.remove(column: column.name)
            $0.columns.append(column)
        }
    }

    func alter(_ table: TableModel, _ column: ColumnModel, _ change: String) -> String {
        "ALTER TABLE \(table.quotedName) ALTER COLUMN \(SQLName.quoted(column.name)) \(change)"
    }

    // MARK: - Triggers and rights

    private mutating func expandTriggers(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        let waits = closesWays(table) ? table.triggers.filter { $0.name.hasSuffix("status_step") } : []
        let changed = table.triggers.filter { !there.triggers.contains($0) && !waits.contains($0) }
        let gone = there.triggers.filter { old in !table.triggers.contains { $0.name == old.name } }
        guard !changed.isEmpty || !gone.isEmpty else {
            if waits.isEmpty, there.states != table.states { adoptStates(of: table) }
            return
        }
        let kept = there.triggers.filter { old in waits.contains { $0.name == old.name } }
        let new = table.triggers.filter { trigger in !waits.contains(trigger) }
        let old = there.triggers.filter { !new.contains($0) && !kept.contains($0) }
        let statements =
            old.map { "DROP TRIGGER \(SQLName.quoted($0.name)) ON \(table.quotedName)" } + changed.map(\.definition)
        step(.expand, "replace triggers of \(path(table.name))", .statements(statements), on: table.name) {
            $0.triggers = new + kept
            if table.search == nil { $0.search?.isKept = false }
            if waits.isEmpty { $0.states = table.states }
        }
    }

    private mutating func adoptStates(of table: TableModel) {
        step(.expand, "note the statuses of \(path(table.name))", .statements([]), on: table.name) {
            $0.states = table.states
        }
    }

    /// Whether ways between statuses only go away: the running host may still take them.
    func closesWays(_ table: TableModel) -> Bool {
        guard let old = model.table(table.name)?.states, let new = table.states else { return false }
        return old != new && old.column == new.column && old.initial == new.initial
            && new.edges.isStrictSubset(of: old.edges)
    }

    private mutating func expandAccess(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        if there.policies != table.policies {
            let gone = there.policies.map { "DROP POLICY \(SQLName.quoted($0.name)) ON \(table.quotedName)" }
            step(
                .expand, "replace policies of \(path(table.name))",
                .statements(gone + table.policies.map(\.definition)), on: table.name
            ) { $0.policies = table.policies }
        }
        if there.rights != table.rights, table.rights.hasPrefix(there.rights) {
            step(.expand, "grant more on \(path(table.name))", .statements([table.grant]), on: table.name) {
                $0.rights = table.rights
            }
        }
    }

    /// Statuses that lose their last way out, or are gone.
    private mutating func probeStates(_ table: TableModel) {
        let former = manifest.formerNames.entities[table.name] ?? table.name
        guard let before = (applied.table(table.name) ?? applied.table(former))?.states, let states = table.states
        else { return }
        let stranded = Set(before.edges.map(\.from)).subtracting(states.edges.map(\.from))
        guard !stranded.isEmpty else { return }
        probe(
            table, "\(SQLName.quoted(states.column)) IN (\(SQLName.literals(stranded.sorted())))",
            refusal(
                .strandedStatus, at: ["entities", table.name, "states"],
                "no way leads out of `\(stranded.sorted().joined(separator: "`, `"))` any more, and there are records "
                    + "in that status"))
    }
}

extension TableModel {
    mutating func change(_ column: String, _ change: (inout ColumnModel) -> Void) {
        for number in columns.indices where columns[number].name == column { change(&columns[number]) }
    }

    /// As PostgreSQL does it: indexes and constraints that name the column go with it.
    mutating func remove(column: String) {
        columns.removeAll { $0.name == column }
        constraints.removeAll { IdentifierText.mentions($0.definition, column: column) }
        indexes.removeAll { IdentifierText.mentions($0.definition, column: column) }
    }
}
