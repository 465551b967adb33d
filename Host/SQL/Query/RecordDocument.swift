import HostManifest
import HostModel

/// The values of a write as one JSON object by column, which PostgreSQL unpacks by the row type of the table.
///
/// One parameter, whatever changes: so one prepared statement serves every change of an entity.
struct RecordDocument {
    let table: RecordTable
    let condition: MountCondition

    /// - Throws: `validation_failed` for an unknown name or a broken check, `status_not_writable` for the status.
    func new(_ record: NewRecord) throws(Problem) -> JSONObject {
        var document = try columns(record.values)
        if let externalID = record.externalID { document["external_id"] = .string(externalID) }
        if let custom = record.custom { document["custom"] = .object(custom) }
        for column in table.writableColumns where (document[column.name] ?? .null) == .null {
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
            guard let column = table.column(named: name) else { throw .unknownField(name, of: table.reference) }
            guard column.name != table.entity.states?.field else {
                throw Problem(.statusNotWritable, "The status changes by transitions only.")
            }
            guard !RecordTable.hostColumns.contains(column.name), !table.isOfStatus(column.name) else {
                throw .invalid("/\(name)", "read_only", "The host alone sets \(name).")
            }
            document[column.name] = normalised(value, of: column)
        }
        return document
    }

    private func normalised(_ value: JSONValue, of column: Column) -> JSONValue {
        guard column.type.isLowercased, let text = value.string else { return column.type.form.stored(value) }
        return .string(text.lowercased())
    }
}
