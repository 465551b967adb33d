import HostManifest
package import HostModel

/// Turns rows of one file into bodies, by its mapping and its header. Made once for a file.
package struct RowPlan: Sendable {
    /// What became of one row.
    package struct Outcome: Sendable {
        /// By column, as a POST would have them.
        package var body = JSONObject()
        /// References that are named by another value than the id, by member of the body.
        package var lookups: [Lookup] = []
        package var faults: [Fault] = []
    }

    /// A record that has to be found before its row can be written.
    package struct Lookup: Hashable, Sendable {
        /// The member of the body.
        package let member: String
        /// The field of the entity.
        package let field: String
        package let key: RecordKey
        package let text: String
        /// The column of the file.
        package let column: String
    }

    /// What is wrong with one value.
    package struct Fault: Hashable, Sendable {
        /// A JSON pointer into the body; empty for the whole row.
        package let path: String
        package let code: String
        package let detail: String
        /// The column of the file that the value came from; nil when none did.
        package let column: String?

        package init(path: String, code: String, detail: String, column: String?) {
            self.path = path
            self.code = code
            self.detail = detail
            self.column = column
        }
    }

    /// Stands in the body for a reference that isn't looked up yet, so that the body can be checked before.
    package static let unresolved = "00000000-0000-0000-0000-000000000000"

    private let plans: [ColumnPlan?]
    /// By name, for objects, whose members differ from row to row.
    private let match: ColumnMatch
    private let constants: JSONObject
    /// Which column a member of the body comes from.
    private let columns: [String: String]

    /// - Parameters:
    ///   - mapping: As whoever imports wrote it.
    ///   - header: The file's columns; empty for objects, whose members are matched one by one.
    ///   - target: The entity.
    /// - Throws: `validation_failed` for a mapping or a header that fits no fields, or two columns for one field.
    package init(_ mapping: ImportMapping, header: [String], target: ImportTarget) throws(Problem) {
        match = ColumnMatch(mapping: mapping, target: target)
        constants = mapping.constants
        var plans: [ColumnPlan?] = []
        var columns: [String: String] = [:]
        for column in header {
            let plan = try match.plan(column)
            if let plan, let other = columns.updateValue(column, forKey: plan.destination.path) {
                throw ImportMapping.invalid(
                    "/columns/\(column)", "duplicate", "The columns \(other) and \(column) go into one field.")
            }
            plans.append(plan)
        }
        if !header.isEmpty, let missing = mapping.columns.keys.sorted().first(where: { !header.contains($0) }) {
            throw ImportMapping.invalid("/columns/\(missing)", "unknown_column", "The file has no column \(missing).")
        }
        self.plans = plans
        self.columns = columns
    }

    /// Whether rows can have that member; objects can have any.
    package func fills(_ member: String) -> Bool {
        plans.isEmpty || columns[member] != nil || constants[member] != nil
    }

    /// Reads one row. Rules of the fields aren't checked here: that is the input validator's.
    package func outcome(_ row: SourceRow) -> Outcome {
        var outcome = Outcome()
        switch row.content {
        case .flawed(let flaw):
            outcome.faults.append(Fault(path: "", code: flaw.code, detail: flaw.detail, column: nil))
            return outcome
        case .cells(let cells): take(cells, &outcome)
        case .object(let object): take(object, &outcome)
        }
        for (name, value) in constants.members where outcome.body[name] == nil { outcome.body[name] = value }
        return outcome
    }

    /// The column that a fault's path leads to, for whoever only knows the file.
    package func column(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard let first = parts.first else { return nil }
        if first == "custom", let second = parts.dropFirst().first, let column = columns["custom/\(second)"] {
            return column
        }
        return columns[String(first)]
    }

    private func take(_ cells: CSVRow, _ outcome: inout Outcome) {
        for (index, plan) in plans.enumerated() {
            guard let plan else { continue }
            if cells.isEmpty(index) {
                if !plan.rule.keepsWhenEmpty { put(.null, plan, &outcome) }
            } else {
                read(cells.text(index) ?? "", plan, &outcome)
            }
        }
    }

    /// Members of objects have types of their own: only texts are read as cells are.
    private func take(_ object: JSONObject, _ outcome: inout Outcome) {
        for (name, value) in object.members {
            do throws(Problem) {
                guard let plan = try match.plan(name) else { continue }
                switch value {
                case .string(""): if !plan.rule.keepsWhenEmpty { put(.null, plan, &outcome) }
                case .string(let text): read(text, plan, &outcome)
                default: put(value, plan, &outcome)
                }
            } catch {
                let fault = error.faults.first
                outcome.faults.append(
                    Fault(
                        path: "/\(name)", code: fault?.code ?? "unknown_field", detail: fault?.detail ?? error.detail,
                        column: name))
            }
        }
    }

    private func read(_ text: String, _ plan: ColumnPlan, _ outcome: inout Outcome) {
        if case .lookup(let field, let key) = plan.destination {
            outcome.lookups.append(
                Lookup(member: field.column, field: field.name, key: key, text: text, column: plan.column))
            outcome.body[field.column] = .string(Self.unresolved)
            return
        }
        do throws(RowFlaw) {
            put(try plan.cell.value(text), plan, &outcome)
        } catch {
            outcome.faults.append(
                Fault(path: "/" + plan.destination.path, code: error.code, detail: error.detail, column: plan.column))
        }
    }

    private func put(_ value: JSONValue, _ plan: ColumnPlan, _ outcome: inout Outcome) {
        switch plan.destination {
        case .member(let field), .lookup(let field, _): outcome.body[field.column] = value
        case .custom(let name):
            var custom = outcome.body["custom"]?.object ?? JSONObject()
            custom[name] = value
            outcome.body["custom"] = .object(custom)
        }
    }
}

extension ColumnPlan.Destination {
    /// The place in the body, without the first slash.
    var path: String {
        switch self {
        case .member(let field), .lookup(let field, _): field.column
        case .custom(let name): "custom/\(name)"
        }
    }
}
