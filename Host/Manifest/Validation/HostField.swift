import HostModel

/// The fields that every record has beside its declared ones.
enum HostField {
    static let externalIDLengthMax = 200

    /// Those that a body may have, and those that it is told about when it has them.
    static func all(in purpose: InputValidator.Purpose) -> [Field] {
        switch purpose {
        case .input: []
        case .create: [field("id", .uuid)] + open + closed
        // The id of a record is in the path and never changes.
        case .patch: [field("id", .uuid, isReadOnly: true)] + open + closed
        }
    }

    private static let open = [
        field("external_id", .text(min: 1, max: externalIDLengthMax, pattern: nil)),
        // Cleared is empty: the column is never NULL.
        field("custom", .json, defaultValue: .object(JSONObject())),
    ]

    private static let closed = [
        field("business_id", .uuid, isReadOnly: true),
        field("version", .int(min: 1, max: .max), isReadOnly: true),
        field("created_at", .timestamp, isReadOnly: true),
        field("updated_at", .timestamp, isReadOnly: true),
        field("created_by", .uuid, isReadOnly: true),
        field("updated_by", .uuid, isReadOnly: true),
        field("archived_at", .timestamp, isReadOnly: true),
    ]

    private static func field(
        _ name: String, _ type: FieldType, defaultValue: JSONValue? = nil, isReadOnly: Bool = false
    ) -> Field {
        Field(name: name, type: type, defaultValue: defaultValue, isReadOnly: isReadOnly)
    }
}
