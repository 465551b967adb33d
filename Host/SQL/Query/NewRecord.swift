package import HostModel

/// A record to be stored for the first time.
package struct NewRecord: Hashable, Sendable {
    package let id: RecordID
    /// By field name, in JSON form; the parent of a line by the parent's name. Absent and null ones get their default.
    package let values: [String: JSONValue]
    /// The name in the system that the record came from, unique within the business.
    package let externalID: String?
    /// The business's own fields, an object.
    package let custom: JSONObject?

    package init(id: RecordID, values: [String: JSONValue], externalID: String? = nil, custom: JSONObject? = nil) {
        self.id = id
        self.values = values
        self.externalID = externalID
        self.custom = custom
    }
}
