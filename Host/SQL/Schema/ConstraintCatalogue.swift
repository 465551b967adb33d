import HostManifest
package import HostModel

/// Turns an error of PostgreSQL about one table into the problem that the caller can act on.
package struct ConstraintCatalogue: Sendable {
    /// A broken rule: the member at fault, as a JSON pointer, a stable code, a sentence.
    package typealias Rule = Problem.Fault

    private let entity: EntityReference
    private let rules: [String: Rule]
    /// The ids of exclusions, by their constraints' names.
    private let exclusions: [String: String]

    package init(_ table: RecordTable) {
        entity = table.reference
        rules = Self.rules(of: table)
        let names = ConstraintNames(table)
        exclusions = Dictionary(
            table.entity.exclusions.map { (names.exclusion($0.id), $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    /// The rule behind a constraint's name; nil for an unknown one.
    package subscript(constraint: String) -> Rule? { rules[constraint] }

    /// The problem behind an error; nil for one that isn't the caller's doing.
    ///
    /// - Parameters:
    ///   - sqlState: The error's five characters.
    ///   - constraint: The constraint's name, as PostgreSQL gives it.
    ///   - column: The column's name, as PostgreSQL gives it; known for a missing value only.
    package func problem(sqlState: String, constraint: String?, column: String?) -> Problem? {
        let rule = constraint.flatMap { rules[$0] }
        switch sqlState {
        case SQLState.uniqueViolation: return alreadyExists(rule)
        case SQLState.foreignKeyViolation, SQLState.checkViolation: return rule.map(invalid)
        case SQLState.exclusionViolation: return constraint.flatMap { exclusions[$0] }.map(scheduleConflict)
        case SQLState.notNullViolation:
            return column.map { .invalid("/\($0)", "required", "A value is required.") }
        case SQLState.undeclaredTransition, SQLState.missingHistory:
            return Problem(.invalidTransition, "The state of this \(entity) doesn't allow that.")
        case SQLState.missingRecord:
            return constraint.map { .invalid("/custom/\($0)", "unknown_reference", "There is no such record.") }
        case SQLState.takenCustomValue:
            return alreadyExists(
                constraint.map {
                    Rule(
                        path: "/custom/\($0)", code: "already_exists",
                        detail: "Another record has the same \($0), be it archived.")
                })
        case SQLState.wrongVersion:
            return Problem(.versionConflict, "This \(entity) was changed by somebody else; read it again.")
        case SQLState.fixedColumn:
            return Problem(.conflict, "A value that can't change was to be changed.")
        default: return SQLState.isUnreadableValue(sqlState) ? unreadable : nil
        }
    }

    private func alreadyExists(_ rule: Rule?) -> Problem {
        Problem(.alreadyExists, "There is already such a \(entity).", faults: rule.map { [$0] } ?? [])
    }

    /// Whoever still has the values adds the conflicting records; see `EntityPlan.conflicts`.
    private func scheduleConflict(_ rule: String) -> Problem {
        Problem(
            .scheduleConflict, "The time of this \(entity) is taken.", members: ["rule": .string(rule)])
    }

    private func invalid(_ rule: Rule) -> Problem { .invalid(rule.path, rule.code, rule.detail) }

    private var unreadable: Problem {
        Problem(.validationFailed, "A value of the \(entity) has the wrong form.")
    }

    private static func rules(of table: RecordTable) -> [String: Rule] {
        let names = ConstraintNames(table)
        var rules: [String: Rule] = [:]
        rules[names.primaryKey] = Rule(path: "/id", code: "already_exists", detail: "The id is taken.")
        rules[names.externalID] = taken(["external_id"], of: table)
        for columns in table.uniqueColumns { rules[names.unique(columns)] = taken(columns, of: table) }
        for unique in table.entity.unique where unique.condition != nil {
            rules[names.unique(unique.columns)] = taken(unique.columns, of: table, among: unique.condition)
        }
        for column in table.columns {
            let path = "/" + column.name
            rules[names.type(column.name)] = Rule(path: path, code: "out_of_range", detail: "The value is not allowed.")
            guard let target = column.target else { continue }
            rules[names.reference(column.name)] = Rule(
                path: path, code: "unknown_reference", detail: "There is no such \(target.schema).\(target.table).")
        }
        for check in table.entity.checks { rules[names.check(check.id)] = check.fault }
        return rules
    }

    /// At the first column that a body may have: a line that comes with its document doesn't name it.
    private static func taken(
        _ columns: [String], of table: RecordTable, among condition: CheckExpression? = nil
    ) -> Rule {
        let hidden = table.entity.parent?.written == nil ? nil : table.parentColumn
        let first = columns.first { $0 != hidden } ?? columns.first
        let others = condition.map { " among those where \($0)" } ?? ""
        return Rule(
            path: "/" + (first ?? ""), code: "already_exists",
            detail: "Another record has the same \(columns.joined(separator: ", "))\(others).")
    }
}
