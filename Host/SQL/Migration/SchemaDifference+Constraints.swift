import HostManifest

/// Constraints and indexes of a table that has rows.
extension SchemaDifference {
    mutating func expandConstraints(_ table: TableModel) {
        renameConstraints(table)
        dropConstraints(table)
        for constraint in table.constraints {
            let there = model.table(table.name)?.constraints.first { $0.name == constraint.name }
            if let there {
                change(there, to: constraint, of: table)
            } else {
                add(constraint, to: table, in: .expand)
            }
        }
    }

    /// A table or a column with another name leaves constraints behind that are called after the old one.
    private mutating func renameConstraints(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        for old in there.constraints where !table.constraints.contains(where: { $0.name == old.name }) {
            let new = table.constraints.first { new in
                new.kind == old.kind && new.definition == old.definition
                    && !there.constraints.contains { $0.name == new.name }
            }
            guard let new else { continue }
            let statement =
                "ALTER TABLE \(table.quotedName) RENAME CONSTRAINT \(SQLName.quoted(old.name)) "
                + "TO \(SQLName.quoted(new.name))"
            step(.expand, "rename constraint \(old.name) to \(new.name)", .statements([statement]), on: table.name) {
                for number in $0.constraints.indices where $0.constraints[number].name == old.name {
                    $0.constraints[number].name = new.name
                }
            }
        }
    }

    /// A rule that nobody asks for any more goes at once; one about a column that waits to be dropped waits with it.
    private mutating func dropConstraints(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        let retired = there.columns.filter(\.isRetired).map(\.name)
        for old in there.constraints where !table.constraints.contains(where: { $0.name == old.name }) {
            let waits = retired.contains { IdentifierText.mentions(old.definition, column: $0) }
            guard !waits, !isUnderWay(old, there, to: table) else { continue }
            guard old.kind != .primaryKey, old.kind != .business else {
                refuse(refusal(.otherKey, at: ["entities", table.name], "`\(old.name)` would go"))
                continue
            }
            step(
                .expand, "drop constraint \(old.name) of \(path(table.name))",
                .statements([drop(old.name, table)]), on: table.name
            ) { $0.constraints.removeAll { $0.name == old.name } }
        }
    }

    /// A rule of a change that was begun and still is one.
    private func isUnderWay(_ rule: ConstraintModel, _ there: TableModel, to table: TableModel) -> Bool {
        let isNext = table.constraints.contains { constraint in
            nextName(constraint.name) == rule.name
                && there.constraints.contains {
                    $0.name == constraint.name && $0.definition != constraint.definition
                }
        }
        let isRequirement = table.columns.contains { column in
            requirement(table.name, column.name) == rule.name && !column.isNullable
                && there.column(column.name)?.isNullable == true
        }
        return isNext || isRequirement
    }

    private mutating func add(_ constraint: ConstraintModel, to table: TableModel, in phase: MigrationStep.Phase) {
        switch constraint.kind {
        case .check, .reference, .business: addUnvalidated(constraint, to: table, in: phase)
        case .unique: addUnique(constraint, to: table)
        case .exclude:
            step(
                .expand, "add constraint \(constraint.name) to \(path(table.name))",
                .rewrite(["ALTER TABLE \(table.quotedName) ADD \(constraint.clause)"], table: table.quotedName),
                on: table.name
            ) { $0.constraints.append(constraint) }
        case .primaryKey:
            refuse(refusal(.otherKey, at: ["entities", table.name], "`\(constraint.name)` would be new"))
        }
    }

    /// Holds for new rows at once; rows that are there are read afterwards, while others write.
    private mutating func addUnvalidated(
        _ constraint: ConstraintModel, to table: TableModel, in phase: MigrationStep.Phase
    ) {
        let statement = "ALTER TABLE \(table.quotedName) ADD \(constraint.clause) NOT VALID"
        step(
            phase, "add constraint \(constraint.name) to \(path(table.name))", .statements([statement]),
            on: table.name
        ) { $0.add(constraint, isValidated: false) }
        validate(constraint.name, of: table, in: phase, undo: drop(constraint.name, table))
    }

    private mutating func validate(
        _ name: String, of table: TableModel, in phase: MigrationStep.Phase, undo: String?
    ) {
        let refusal = refusal(
            .brokenCheck, at: ["entities", table.name],
            "records of `\(table.name)` break `\(name)`")
        let validation = Validation(table: table.quotedName, constraint: name, undo: undo, refusal: refusal)
        step(
            phase, "check the rows of \(path(table.name)) against \(name)", .validation(validation), on: table.name
        ) { $0.validated(name) }
    }

    private mutating func addUnique(_ constraint: ConstraintModel, to table: TableModel) {
        let columns = constraint.definition.replacingPrefix("UNIQUE ", by: "")
        build(
            IndexModel(
                name: constraint.name, isUnique: true, definition: "ON \(table.quotedName) \(columns)"),
            on: table)
        let statement =
            "ALTER TABLE \(table.quotedName) ADD CONSTRAINT \(SQLName.quoted(constraint.name)) "
            + "UNIQUE USING INDEX \(SQLName.quoted(constraint.name))"
        step(
            .expand, "add constraint \(constraint.name) to \(path(table.name))", .statements([statement]),
            on: table.name
        ) {
            $0.indexes.removeAll { $0.name == constraint.name }
            $0.constraints.append(constraint)
        }
    }

    // MARK: - Changes

    private mutating func change(_ there: ConstraintModel, to constraint: ConstraintModel, of table: TableModel) {
        if there.definition == constraint.definition {
            if !there.isValidated {
                validate(there.name, of: table, in: .expand, undo: drop(there.name, table))
            }
            return
        }
        switch constraint.kind {
        case .check: changeCheck(there, to: constraint, of: table)
        case .reference:
            let statements = [
                drop(there.name, table), "ALTER TABLE \(table.quotedName) ADD \(constraint.clause) NOT VALID",
            ]
            step(
                .expand, "replace constraint \(there.name) of \(path(table.name))", .statements(statements),
                on: table.name
            ) { $0.add(constraint, isValidated: false) }
            validate(constraint.name, of: table, in: .expand, undo: nil)
        case .unique, .exclude:
            step(
                .expand, "drop constraint \(there.name) of \(path(table.name))",
                .statements([drop(there.name, table)]), on: table.name
            ) { $0.constraints.removeAll { $0.name == there.name } }
            add(constraint, to: table, in: .expand)
        case .primaryKey, .business:
            refuse(refusal(.otherKey, at: ["entities", table.name], "`\(there.name)` would change"))
        }
    }

    private mutating func changeCheck(_ there: ConstraintModel, to constraint: ConstraintModel, of table: TableModel) {
        guard let old = there.bounds, let new = constraint.bounds else {
            return exchange(there, for: constraint, of: table, in: .expand)
        }
        if new.contains(old) { return widen(there, to: constraint, of: table) }
        // The host refuses what is too much from now on; the database does so in the contract phase.
        let condition = constraint.definition.replacingPrefix("CHECK ", by: "")
        let column = table.columns.first { IdentifierText.mentions(constraint.definition, column: $0.name) }?.name
        probe(
            table, "NOT \(condition)",
            refusal(
                .narrowedValue, at: place(of: column ?? "", in: table.name),
                "`\(column ?? constraint.name)` allows less than before, and there are records that hold more"))
    }

    /// Every row keeps the new rule, since it keeps the old one: reading them afterwards is a formality.
    private mutating func widen(_ there: ConstraintModel, to constraint: ConstraintModel, of table: TableModel) {
        let statements = [
            drop(there.name, table), "ALTER TABLE \(table.quotedName) ADD \(constraint.clause) NOT VALID",
        ]
        step(
            .expand, "widen constraint \(there.name) of \(path(table.name))", .statements(statements), on: table.name
        ) { $0.add(constraint, isValidated: false) }
        validate(constraint.name, of: table, in: .expand, undo: nil)
    }

    /// The new rule is there and checked before the old one goes.
    mutating func exchange(
        _ there: ConstraintModel, for constraint: ConstraintModel, of table: TableModel,
        in phase: MigrationStep.Phase
    ) {
        var next = constraint
        next.name = nextName(constraint.name)
        let waiting = model.table(table.name)?.constraints.first { $0.name == next.name }
        if let waiting, waiting.definition != next.definition {
            step(
                phase, "drop constraint \(next.name) of \(path(table.name))",
                .statements([drop(next.name, table)]), on: table.name
            ) { $0.constraints.removeAll { $0.name == next.name } }
        }
        if waiting?.definition != next.definition {
            addUnvalidated(next, to: table, in: phase)
        } else if waiting?.isValidated == false {
            validate(next.name, of: table, in: phase, undo: drop(next.name, table))
        }
        let statements = [
            drop(there.name, table),
            "ALTER TABLE \(table.quotedName) RENAME CONSTRAINT \(SQLName.quoted(next.name)) "
                + "TO \(SQLName.quoted(constraint.name))",
        ]
        step(
            phase, "replace constraint \(there.name) of \(path(table.name))", .statements(statements), on: table.name
        ) {
            $0.constraints.removeAll { $0.name == next.name }
            $0.add(constraint, isValidated: true)
        }
    }

    func drop(_ constraint: String, _ table: TableModel) -> String {
        "ALTER TABLE \(table.quotedName) DROP CONSTRAINT \(SQLName.quoted(constraint))"
    }

    func nextName(_ name: String) -> String { SQLName.fitted(name + "_next") }
    func requirement(_ table: String, _ column: String) -> String { SQLName.fitted("\(table)_\(column)_required") }

    // MARK: - Indexes

    mutating func expandIndexes(_ table: TableModel) {
        renameIndexes(table)
        for index in table.indexes {
            let there = model.table(table.name)?.indexes.first { $0.name == index.name }
            if there == nil {
                build(index, on: table)
            } else if let there, there != index {
                replace(there, by: index, on: table)
            }
        }
    }

    private mutating func renameIndexes(_ table: TableModel) {
        guard let there = model.table(table.name) else { return }
        for old in there.indexes where !table.indexes.contains(where: { $0.name == old.name }) {
            let new = table.indexes.first { new in
                new.isUnique == old.isUnique && new.definition == old.definition
                    && !there.indexes.contains { $0.name == new.name }
            }
            guard let new else { continue }
            step(
                .expand, "rename index \(old.name) to \(new.name)", .statements([rename(old.name, to: new.name)]),
                on: table.name
            ) {
                for number in $0.indexes.indices where $0.indexes[number].name == old.name {
                    $0.indexes[number].name = new.name
                }
            }
        }
    }

    private mutating func build(_ index: IndexModel, on table: TableModel) {
        guard model.table(table.name)?.indexes.contains(index) != true else { return }
        let refusal = refusal(
            .duplicateValue, at: ["entities", table.name],
            "records of `\(table.name)` have the same values in `\(index.name)`")
        let build = IndexBuild(schema: model.schema, index: index, refusal: refusal)
        step(.expand, "build index \(index.name) on \(path(table.name))", .index(build), on: table.name) {
            $0.indexes.removeAll { $0.name == index.name }
            $0.indexes.append(index)
        }
    }

    private mutating func replace(_ there: IndexModel, by index: IndexModel, on table: TableModel) {
        var next = index
        next.name = nextName(index.name)
        build(next, on: table)
        let statements = [
            "DROP INDEX \(SQLName.quoted(model.schema)).\(SQLName.quoted(there.name))",
            rename(next.name, to: index.name),
        ]
        step(
            .expand, "replace index \(there.name) of \(path(table.name))", .statements(statements), on: table.name
        ) {
            $0.indexes.removeAll { $0.name == next.name || $0.name == there.name }
            $0.indexes.append(index)
        }
    }

    private func rename(_ old: String, to new: String) -> String {
        "ALTER INDEX \(SQLName.quoted(model.schema)).\(SQLName.quoted(old)) RENAME TO \(SQLName.quoted(new))"
    }
}

extension TableModel {
    /// Takes the place of one of the same name.
    mutating func add(_ constraint: ConstraintModel, isValidated: Bool) {
        constraints.removeAll { $0.name == constraint.name }
        constraints.append(constraint)
        constraints[constraints.count - 1].isValidated = isValidated
    }

    mutating func validated(_ name: String) {
        for number in constraints.indices where constraints[number].name == name {
            constraints[number].isValidated = true
        }
    }
}
