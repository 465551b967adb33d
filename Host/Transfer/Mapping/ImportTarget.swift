package import HostManifest
package import HostModel

/// What is imported into: the fields of an entity, and what the business says of its values.
package struct ImportTarget: Sendable {
    /// The fields that a body may have, the parent of lines among them.
    package let fields: [Field]
    /// The fields that the business added: members of `custom`.
    package let custom: [Field]
    /// The status column; nil for none.
    package let status: String?
    /// Members that the host alone writes: left out when a file has them, as exported files do.
    package let hostMembers: Set<String>
    /// Which fields of a referenced entity name one record: `external_id` and unique ones.
    package let keys: [EntityReference: Set<String>]
    /// Which members of the entity itself tell its records apart, for upserts.
    package let ownKeys: [String]
    /// ISO 4217, for amounts in whole units.
    package let currency: String
    /// IANA name, for times without an offset.
    package let timeZone: String

    /// - Parameters:
    ///   - entity: Whose records are made.
    ///   - plugin: The plugin that declares it.
    ///   - set: Where the referenced entities are.
    ///   - currency: Of the business.
    ///   - timeZone: Of the business.
    ///   - custom: The fields that the business added to the entity.
    package init(
        _ entity: Entity, of plugin: PluginID, in set: ManifestSet, currency: String, timeZone: String,
        custom: [Field] = []
    ) {
        let parent = entity.parent.map { parent in
            Field(
                name: parent.entity, type: .reference(EntityReference(plugin: plugin, name: parent.entity)),
                isRequired: true)
        }
        fields = (parent.map { [$0] } ?? []) + entity.fields
        status = entity.states?.field
        let host = ["version", "created_at", "updated_at", "created_by", "updated_by", "archived_at"]
        hostMembers = Set(host + entity.fields.filter(\.isReadOnly).map(\.column) + (status.map { [$0] } ?? []))
        var keys: [EntityReference: Set<String>] = [:]
        for field in fields {
            guard case .reference(let target) = field.type, let referenced = set.entity(target) else { continue }
            keys[target] = Set(["external_id"] + Self.texts(referenced.fields.filter(\.isUnique)))
        }
        self.keys = keys
        ownKeys = ["external_id"] + Self.texts(entity.fields.filter { $0.isUnique && !$0.isReadOnly })
        self.custom = custom
        self.currency = currency
        self.timeZone = timeZone
    }

    /// The columns of those that are texts: others aren't looked for by what stands in a file.
    private static func texts(_ fields: [Field]) -> [String] {
        fields.filter { field in
            switch field.type {
            case .text, .email, .phone, .sequence: true
            default: false
            }
        }.map(\.column)
    }
}
