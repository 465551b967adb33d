import HostManifest

/// Whole tables and functions.
extension SchemaDifference {
    mutating func expandFunctions() {
        for function in wanted.functions {
            let there = model.functions.first { $0.name == function.name }
            guard there != function else { continue }
            let replacing = function.definition.replacingPrefix("CREATE FUNCTION", by: "CREATE OR REPLACE FUNCTION")
            step(
                .expand, "\(there == nil ? "create" : "replace") function \(path(function.name))",
                .statements([replacing] + function.rights)
            ) { model in
                model.functions.removeAll { $0.name == function.name }
                model.functions.append(function)
            }
        }
    }

    /// An entity that is gone keeps its table until the contract phase.
    mutating func retireTables() {
        for table in model.tables where wanted.table(table.name) == nil && !table.isRetired {
            if let other = wanted.tables.first(where: { model.table($0.name) == nil && $0.resembles(table) }) {
                refuse(
                    refusal(
                        .ambiguousEntity, at: ["entities", other.name],
                        "`\(table.name)` is gone and `\(other.name)` is new and has its fields",
                        "Write `was: \(table.name)` in `\(other.name)` to keep the records; or remove "
                            + "`\(table.name)` in one migration and add `\(other.name)` in the next."))
                continue
            }
            step(.expand, "retire table \(path(table.name)): it stays as it is", .statements([]), on: table.name) {
                $0.isRetired = true
            }
        }
    }

    /// New tables come together, since they may refer to each other.
    mutating func createTables() {
        for table in wanted.tables {
            guard let number = tableNumber(table.name), model.tables[number].isRetired else { continue }
            step(.expand, "take table \(path(table.name)) back", .statements([]), on: table.name) {
                $0.isRetired = false
            }
        }
        let new = wanted.tables.filter { model.table($0.name) == nil }
        guard !new.isEmpty else { return }
        let statements =
            new.map(\.create) + new.flatMap(\.addReferences) + new.flatMap(\.createIndexes)
            + new.flatMap(\.createTriggers) + new.flatMap(\.access)
        let names = new.map { path($0.name) }.joined(separator: ", ")
        step(.expand, "create table \(names)", .statements(statements)) { $0.tables += new }
    }

    mutating func contractTables() {
        for table in model.tables where table.isRetired {
            forgetSearch(of: table.name, in: .contract)
            step(.contract, "drop table \(path(table.name))", .statements(["DROP TABLE \(table.quotedName)"])) {
                model in model.tables.removeAll { $0.name == table.name }
            }
        }
    }

    mutating func contractFunctions() {
        for function in model.functions where !wanted.functions.contains(where: { $0.name == function.name }) {
            let name = "\(SQLName.quoted(model.schema)).\(function.name)"
            step(.contract, "drop function \(path(function.name))", .statements(["DROP FUNCTION IF EXISTS \(name)"])) {
                model in model.functions.removeAll { $0.name == function.name }
            }
        }
    }
}

extension TableModel {
    /// Whether most columns of its own are the other's too, in name and type.
    fileprivate func resembles(_ other: TableModel) -> Bool {
        let mine = Set(ownColumns)
        let shared = other.ownColumns.filter(mine.contains)
        return !shared.isEmpty && shared.count * 2 > max(mine.count, other.ownColumns.count)
    }

    private var ownColumns: [String] {
        let base = ["id", "custom", "external_id"]
        return columns.filter { !RecordTable.hostColumns.contains($0.name) && !base.contains($0.name) }
            .map { "\($0.name) \($0.type)" }
    }
}

extension String {
    func replacingPrefix(_ prefix: String, by other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
