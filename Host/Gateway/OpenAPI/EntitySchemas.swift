import HostManifest
import HostModel

/// The forms of one entity: as it is read, as a new one is sent, as a change is sent.
struct EntitySchemas {
    let reference: EntityReference
    let entity: Entity
    /// The entities whose records come along as lines, with the member that holds them.
    let children: [(member: String, reference: EntityReference, written: Entity.Parent.Together?)]

    init(_ entity: Entity, of manifest: Manifest) {
        self.entity = entity
        reference = EntityReference(plugin: manifest.id, name: entity.name)
        children = manifest.entities.compactMap { child in
            guard let parent = child.parent, parent.entity == entity.name else { return nil }
            return (parent.member, EntityReference(plugin: manifest.id, name: child.name), parent.written)
        }
    }

    func all() -> [(name: String, schema: JSONValue)] {
        var schemas = [(reference.description, read)]
        let batch = BatchSchemas(reference: reference, entity: entity)
        if batch.takesItems { schemas += batch.all() }
        if entity.parent?.written != nil { schemas.append(("\(reference).line", line)) }
        guard entity.isWrittenByRoutes else { return schemas }
        schemas.append(("\(reference).create", create))
        schemas.append(("\(reference).patch", patch))
        return schemas
    }

    private var read: JSONValue {
        var properties: JSONObject = [
            "id": ["type": "string", "format": "uuid"],
            "version": ["type": "integer", "format": "int64", "minimum": 1],
            "created_at": ["type": "string", "format": "date-time"],
            "updated_at": ["type": "string", "format": "date-time"],
            "created_by": ["type": ["string", "null"], "format": "uuid"],
            "updated_by": ["type": ["string", "null"], "format": "uuid"],
            "external_id": ["type": ["string", "null"]],
        ]
        if entity.isArchivable { properties["archived_at"] = ["type": ["string", "null"], "format": "date-time"] }
        if let parent = entity.parent { properties["\(parent.entity)_id"] = ["type": "string", "format": "uuid"] }
        for field in entity.fields {
            properties[field.column] = field.isSensitive ? FieldSchema.masked(field) : FieldSchema.nullable(field)
        }
        if let states = entity.states {
            properties[states.field] = ["type": "string", "enum": .array(states.statuses.map { .string($0) })]
            if states.hasLabels {
                properties[StateMachine.labelColumn] = [
                    "type": ["string", "null"], "format": "uuid",
                    "description": "A label of the status, see `/api/platform/app/v1/status-labels`.",
                ]
            }
        }
        properties["custom"] = Self.custom
        let required = properties.names
        if entity.states != nil { properties["_actions"] = Self.actions }
        for child in children {
            properties[child.member] = [
                "type": "array", "items": ["$ref": .string("#/components/schemas/\(child.reference)")],
                "description": "In order; only where one record is read.",
            ]
        }
        return [
            "type": "object", "required": .array(required.map { .string($0) }), "properties": .object(properties),
        ]
    }

    private var create: JSONValue {
        let writable = entity.fields.filter { !$0.isReadOnly }
        var properties: JSONObject = ["id": ["type": "string", "format": "uuid", "description": "Made if not given."]]
        for field in writable {
            properties[field.column] = field.isRequired ? FieldSchema.schema(field) : optional(field)
        }
        if let parent = entity.parent { properties["\(parent.entity)_id"] = ["type": "string", "format": "uuid"] }
        properties["external_id"] = Self.externalID
        properties["custom"] = Self.custom
        addLines(to: &properties)
        let required = writable.filter { $0.isRequired && $0.defaultValue == nil }.map { JSONValue.string($0.column) }
        let parent = entity.parent.map { [JSONValue.string("\($0.entity)_id")] } ?? []
        return Self.closed(properties, required: parent + required)
    }

    private var patch: JSONValue {
        var properties = JSONObject()
        for field in entity.fields where !field.isReadOnly && !field.isCounter {
            properties[field.column] = FieldSchema.nullable(field)
        }
        properties["external_id"] = Self.externalID
        properties["custom"] = Self.custom
        addLines(to: &properties)
        return Self.closed(properties, required: [])
    }

    /// The lines that are written with a record.
    private func addLines(to properties: inout JSONObject) {
        for child in children {
            guard let written = child.written else { continue }
            properties[child.member] = [
                "type": "array", "maxItems": .int(Int64(written.max)),
                "items": ["$ref": .string("#/components/schemas/\(child.reference).line")],
                "description": .string(
                    "All lines, in order: they take the place of those that are there. A change needs "
                        + "`\(child.reference).create`, `.update` and `.delete`, as far as it does so."),
            ]
        }
    }

    /// A line in the body of its document.
    private var line: JSONValue {
        var properties: JSONObject = [
            "id": ["type": "string", "format": "uuid", "description": "Of a line that is there; absent for a new one."]
        ]
        for field in entity.fields where !field.isReadOnly { properties[field.column] = FieldSchema.nullable(field) }
        properties["external_id"] = Self.externalID
        properties["custom"] = Self.custom
        let required = entity.fields.filter { $0.isRequired && !$0.isReadOnly }.map(\.column)
        var schema = Self.closed(properties, required: []).object ?? JSONObject()
        let names = required.map { "`\($0)`" }.joined(separator: ", ")
        if !required.isEmpty { schema["description"] = .string("A new line needs \(names).") }
        return .object(schema)
    }

    /// With its default, where there is one.
    private func optional(_ field: Field) -> JSONValue {
        field.defaultValue == nil ? FieldSchema.nullable(field) : FieldSchema.schema(field)
    }

    private static let externalID: JSONValue = ["type": ["string", "null"], "maxLength": 200]
    private static let custom: JSONValue = [
        "type": "object",
        "description": "The business's own members; `GET /api/platform/app/v1/custom-fields` defines them.",
    ]

    private static let actions: JSONValue = [
        "type": "array",
        "description":
            "The transitions that status, rights and tier allow now; only where one record is answered with.",
        "items": [
            "type": "object", "required": ["name", "method", "href", "reason"],
            "properties": [
                "name": ["type": "string"], "method": ["type": "string", "const": "POST"],
                "href": ["type": "string", "description": "The path to post to."],
                "reason": [
                    "type": "string", "enum": ["required", "optional", "none"],
                    "description": "Whether the body has a `reason`.",
                ],
            ],
        ],
    ]

    private static func closed(_ properties: JSONObject, required: [JSONValue]) -> JSONValue {
        var schema: JSONObject = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }
}
