import HostManifest
import HostModel
import HostStorage
import PluginAPI

/// Turns records of one entity between their JSON, whose members are columns, and what plugins see, by field name.
struct EntityCoding: Sendable {
    let reference: EntityReference
    let entity: HostManifest.Entity
    private let fields: [Field]

    init(_ reference: EntityReference, _ entity: HostManifest.Entity) {
        self.reference = reference
        self.entity = entity
        fields = Self.baseFields + Self.structuralFields(of: entity, in: reference.plugin) + entity.fields
    }

    /// What a plugin sees of a stored record; nil when it doesn't fit the manifest.
    func record(of stored: any StoredForm) -> Record? {
        guard let json = try? JSONParser.parse(stored.utf8) else { return nil }
        return fields.record(of: json.revealing(stored.secrets), .columns)
    }

    /// The values to write, by field name; nil when the plugin gives something that isn't a field of the entity.
    func values(of record: Record) -> [String: JSONValue]? {
        guard let object = fields.json(of: record, .fields) else { return nil }
        return Dictionary(object.members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The columns that every table has, and the status and the parent of those that have one.
    private static let baseFields: [Field] = [
        field("id", .uuid), field("version", .int(min: 1, max: .max)),
        field("created_at", .timestamp), field("updated_at", .timestamp),
        field("created_by", .uuid), field("updated_by", .uuid),
        field("external_id", .text(min: 0, max: 200, pattern: nil)), field("custom", .json),
        field("archived_at", .timestamp),
    ]

    private static func structuralFields(of entity: HostManifest.Entity, in plugin: PluginID) -> [Field] {
        var fields: [Field] = []
        if let parent = entity.parent {
            fields.append(field(parent.entity, .reference(EntityReference(plugin: plugin, name: parent.entity))))
        }
        if let states = entity.states {
            fields.append(field(states.field, .enumeration(states.statuses)))
            if states.hasLabels { fields.append(field(StateMachine.labelColumn, .uuid)) }
        }
        return fields
    }

    private static func field(_ name: String, _ type: FieldType) -> Field {
        Field(name: name, type: type, isReadOnly: true)
    }
}
