import HostManifest
package import HostModel

/// The sensitive fields of an entity: what the host checks of their values, since no CHECK can.
package struct SecretFields: Sendable {
    private let names: [String]
    private let validator: InputValidator

    /// Nil for an entity without any.
    init?(_ entity: Entity) {
        let fields = entity.fields.filter(\.isSensitive)
        guard !fields.isEmpty else { return nil }
        names = fields.map(\.name)
        validator = InputValidator(.patch, fields.map(\.writable))
    }

    /// The sensitive values among those of a write, in the form that is stored; nulls are none.
    ///
    /// - Throws: `validation_failed`.
    package func plain(in values: [String: JSONValue]) throws(Problem) -> [String: JSONValue] {
        var body = JSONObject()
        for name in names { if let value = values[name], value != .null { body[name] = value } }
        return body.names.isEmpty ? [:] : try validator.values(of: body)
    }
}

extension EntityPlan {
    /// Reads the sealed values of records. Rows: `id`, an object of the sealed texts by member. Nil for an entity
    /// without sensitive fields.
    package func secrets(of records: [RecordID], for scope: RecordScope) -> SQLCommand? {
        reads.secrets?.command([ArrayText.literal(records.map(\.description))], for: scope)
    }
}
