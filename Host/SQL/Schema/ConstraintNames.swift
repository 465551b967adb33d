import HostManifest

/// What the constraints of a table are called: the same names on every machine, so that errors map back to fields.
struct ConstraintNames {
    let table: String

    init(_ table: RecordTable) { self.table = table.reference.name }

    var primaryKey: String { SQLName.fitted(table + "_pkey") }
    var externalID: String { SQLName.fitted(table + "_external_id_key") }

    func reference(_ column: String) -> String { SQLName.fitted("\(table)_\(column)_fkey") }
    func type(_ column: String) -> String { SQLName.fitted("\(table)_\(column)_type") }
    func check(_ id: String) -> String { SQLName.fitted("\(table)_\(id)_check") }
    func exclusion(_ id: String) -> String { SQLName.fitted("\(table)_\(id)_excl") }
    func unique(_ columns: [String]) -> String {
        SQLName.fitted("\(table)_\(columns.joined(separator: "_"))_key")
    }
    func index(_ columns: [String]) -> String {
        SQLName.fitted("\(table)_\(columns.joined(separator: "_"))_idx")
    }
    func prefixIndex(_ columns: [String]) -> String {
        SQLName.fitted("\(table)_\(columns.joined(separator: "_"))_prefix_idx")
    }
    func trigger(_ rule: String) -> String { SQLName.fitted("\(table)_\(rule)") }
}
