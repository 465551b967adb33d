package import HostModel

extension Entity.Check {
    /// What a broken check is answered with, found before the database is asked or by it. At its first column.
    package var fault: Problem.Fault {
        Problem.Fault(path: path, code: id, detail: "The record must keep: \(expression).")
    }

    /// What a guard that doesn't hold is answered with.
    package var unmet: Problem.Fault {
        Problem.Fault(path: path, code: id, detail: "The step needs: \(expression).")
    }

    private var tooLarge: Problem.Fault {
        Problem.Fault(path: path, code: id, detail: "The numbers are too large to tell whether \(expression).")
    }

    private var path: String { "/" + (expression.columns.first ?? "") }

    fileprivate func fault(for values: [String: JSONValue]) -> Problem.Fault? {
        do throws(ExpressionOverflow) {
            return try expression.holds(for: values) == false ? fault : nil
        } catch {
            return tooLarge
        }
    }
}

extension Entity {
    /// The checks that a new record breaks, as far as they hang on values that are known before it is stored.
    ///
    /// - Parameter document: By column, every default filled in; what is absent will be null.
    package func brokenChecks(ofNew document: JSONObject) -> [Problem.Fault] {
        guard !checks.isEmpty else { return [] }
        var values = Dictionary(uniqueKeysWithValues: document.members.map { ($0.name, $0.value) })
        if let states { values[states.field] = .string(states.initial) }
        return checks.compactMap { check in
            let needsHost = check.expression.columns.contains(where: isGivenLater)
            return needsHost ? nil : check.fault(for: values)
        }
    }

    /// Whether the statement that stores a record gives it the value of a column: its times, its number.
    private func isGivenLater(_ column: String) -> Bool {
        if case .sequence = field(column)?.type { return true }
        return column == "created_at" || column == "updated_at"
    }

    /// The checks that changed values break among themselves; those that name other columns only the database knows.
    ///
    /// - Parameter document: By column; null clears.
    package func brokenChecks(ofChanges document: JSONObject) -> [Problem.Fault] {
        guard !checks.isEmpty else { return [] }
        let values = Dictionary(uniqueKeysWithValues: document.members.map { ($0.name, $0.value) })
        return checks.compactMap { check in
            let isKnown = check.expression.columns.allSatisfy { values[$0] != nil }
            return isKnown ? check.fault(for: values) : nil
        }
    }
}

extension [Problem.Fault] {
    /// Nil without faults.
    package var problem: Problem? {
        switch count {
        case 0: nil
        case 1: .invalid(self[0].path, self[0].code, self[0].detail)
        default: Problem(.validationFailed, "\(count) rules of the record are broken.", faults: self)
        }
    }
}
