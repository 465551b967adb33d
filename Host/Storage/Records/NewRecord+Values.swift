import Foundation
import HostModel
import HostSQL

extension NewRecord {
    /// A record from the values of a body: the host's members are told apart from the fields.
    ///
    /// - Parameters:
    ///   - values: By field name; `id` is the client's own, made offline.
    ///   - made: The id of a record whose maker gave none.
    /// - Throws: `validation_failed` for an id that is no UUID.
    init(_ values: [String: JSONValue], orID made: UUID) throws(Problem) {
        var values = values
        var id = RecordID(made)
        if let given = values.removeValue(forKey: "id"), given != .null {
            guard let parsed = given.string.flatMap({ RecordID($0) }) else {
                throw .invalid("/id", "type", "The id must be a UUID.")
            }
            id = parsed
        }
        let externalID = values.removeValue(forKey: "external_id")?.string
        let custom = values.removeValue(forKey: "custom")?.object
        self.init(id: id, values: values, externalID: externalID, custom: custom)
    }
}
