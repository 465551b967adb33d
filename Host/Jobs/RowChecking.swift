import HostManifest
import HostModel
import HostStorage
import HostTransfer

/// Turns rows into values that are ready to be written: by the mapping, then by the rules that a POST is held to.
struct RowChecking: Sendable {
    private let plan: RowPlan
    private let creation: InputValidator
    /// Nil for inserts.
    private let change: InputValidator?
    private let custom: CustomFields
    /// By field name: the columns of references that other keys stand for.
    private let keyField: String?

    /// - Throws: `validation_failed` for a mapping or header that fits no fields, or a key that no column has.
    init(
        _ job: ClaimedImport, _ target: ImportTarget, _ custom: CustomFields, header: [String]
    ) throws(Problem) {
        plan = try RowPlan(try ImportMapping(job.mapping), header: header, target: target)
        if let key = job.key, !plan.fills(key) {
            throw .invalid(
                "/key", "unmapped_column", "No column of the file is the \(key) that records are told apart by.")
        }
        self.custom = custom
        creation = InputValidator(.create, target.fields, status: target.status)
        change = job.mode == .upsert ? InputValidator(.patch, target.fields, status: target.status) : nil
        keyField = job.key.map { key in target.fields.first { $0.column == key }?.name ?? key }
    }

    /// The column of the file behind a fault's path.
    var column: @Sendable (String) -> String? { { [plan] in plan.column(of: $0) } }

    /// The value that tells the row's record apart; nil for inserts and for a row without one.
    func key(_ row: ImportBatch.Row) -> String? {
        guard let keyField else { return nil }
        return (row.changed ?? row.created)?[keyField]?.string?.lowercased()
    }

    func row(_ source: SourceRow) -> ImportBatch.Row {
        let outcome = plan.outcome(source)
        var row = ImportBatch.Row(
            number: source.number, line: source.line, range: source.range, created: nil, changed: nil,
            lookups: outcome.lookups, faults: outcome.faults, changeFaults: outcome.faults)
        guard outcome.faults.isEmpty else { return row }
        (row.created, row.faults) = check(outcome.body, creation, for: .creation, &row)
        guard let change else { return row }
        (row.changed, row.changeFaults) = check(outcome.body, change, for: .change, &row)
        return row
    }

    private func check(
        _ body: JSONObject, _ validator: InputValidator, for write: CustomFields.Write, _ row: inout ImportBatch.Row
    ) -> (values: [String: JSONValue]?, faults: [RowPlan.Fault]) {
        do throws(Problem) {
            var values = try validator.values(of: body)
            let sent = values["custom"]?.object
            if sent != nil || write == .creation {
                let (own, references) = try custom.checked(sent, for: write)
                row.customReferences = references
                if sent != nil { values["custom"] = .object(own) }
            }
            return (values, [])
        } catch {
            let faults = error.faults.map {
                RowPlan.Fault(path: $0.path, code: $0.code, detail: $0.detail, column: plan.column(of: $0.path))
            }
            guard faults.isEmpty else { return (nil, faults) }
            return (nil, [RowPlan.Fault(path: "", code: error.code.description, detail: error.detail, column: nil)])
        }
    }
}
