/// A record as it stands in the database.
package struct StoredRecord: Sendable {
    /// The ETag.
    package let version: Int64
    /// What GET answers with, byte for byte.
    package let json: JSONText

    init(version: Int64, json: JSONText) {
        self.version = version
        self.json = json
    }
}

/// A part of an ordered list.
package struct RecordPage: Sendable {
    /// In the list's order.
    package let records: [JSONText]
    /// The parameter `cursor` for the page after this one; nil on the last page.
    package let nextCursor: String?

    init(records: [JSONText], nextCursor: String?) {
        self.records = records
        self.nextCursor = nextCursor
    }
}
