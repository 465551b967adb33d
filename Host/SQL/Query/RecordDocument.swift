import HostManifest
import HostModel

/// The values of a write as one JSON object by column, which PostgreSQL unpacks by the row type of the table.
///
/// One parameter, whatever changes: so one prepared statement serves every change of an entity.
struct RecordDocument: Sendable {
    /// Who may set a column.
    private enum Setter { case anybody, transitions, host }

    private let table: RecordTable
    private let condition: MountCondition
    /// Made once for all records: an import looks for each value's column.
    private let writable: [Column]
    private let named: [String: (column: Column, setter: Setter)]

    init(table: RecordTable, condition: MountCondition) {
        self.table = table
        self.condition = condition
        writable = table.writableColumns
        let names =
            table.entity.fields.map(\.name) + (table.entity.parent.map { [$0.entity] } ?? [])
            + table.columns.map(\.name)
        var named: [String: (column: Column, setter: Setter)] = [:]
        for name in names {
            guard let column = table.column(named: name) else { continue }
            let isHosts = RecordTable.hostColumns.contains(column.name) || table.isOfStatus(column.name)
            named[name] = (
                column, column.name == table.entity.states?.field ? .transitions : isHosts ? .host : .anybody
            )
        }
        self.named = named
    }

    /// - Throws: `validation_failed` for an unknown name or a broken check, `status_not_writable` for the status.
    func new(_ record: NewRecord) throws(Problem) -> JSONObject {
        var document = try columns(record.values)
        if let externalID = record.externalID { document["external_id"] = .string(externalID) }
        if let custom = record.custom { document["custom"] = .object(custom) }
        for column in writable where (document[column.name] ?? .null) == .null {
            document[column.name] = column.defaultValue.map(column.type.form.stored)
        }
        condition.force(&document)
        if let problem = table.entity.brokenChecks(ofNew: document).problem { throw problem }
        return document
    }

    /// - Throws: `validation_failed` for an unknown name or a broken check, `status_not_writable` for the status.
    func changes(_ values: [String: JSONValue]) throws(Problem) -> JSONObject {
        var document = try columns(values)
        condition.forceChanged(&document)
        if let problem = table.entity.brokenChecks(ofChanges: document).problem { throw problem }
        return document
    }

    private func columns(_ values: [String: JSONValue]) throws(Problem) -> JSONObject {
        var document = JSONObject()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let (column, setter) = named[name] else { throw .unknownField(name, of: table.reference) }
            switch setter {
            case .anybody: document[column.name] = normalised(value, of: column)
            case .transitions: throw Problem(.statusNotWritable, "The status changes by transitions only.")
            case .host: throw .invalid("/\(name)", "read_only", "The host alone sets \(name).")
            }
        }
        return document
    }

    private func normalised(_ value: JSONValue, of column: Column) -> JSONValue {
        guard column.type.isLowercased, let text = value.string else { return column.type.form.stored(value) }
        return .string(text.lowercased())
    }
}
