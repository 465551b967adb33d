import HostManifest
import HostModel

/// The forms of a batch of one entity's records.
struct BatchSchemas {
    let reference: EntityReference
    let entity: Entity

    func all() -> [(name: String, schema: JSONValue)] {
        [("\(reference).batch", request), ("\(reference).batch_answer", Self.answer(reference))]
    }

    var takesItems: Bool { !items.isEmpty }

    private var request: JSONValue {
        [
            "type": "object", "additionalProperties": false, "required": ["items"],
            "properties": [
                "items": [
                    "type": "array", "minItems": 1, "maxItems": .int(Int64(BatchItem.countMax)),
                    "items": ["oneOf": .array(items)],
                ]
            ],
        ]
    }

    private var items: [JSONValue] {
        var items: [JSONValue] = []
        if entity.isWrittenByRoutes {
            items.append(item(.create, ["values": form("create")]))
            items.append(item(.update, ["id": Self.id, "version": Self.version, "values": form("patch")]))
            if entity.isArchivable { items.append(item(.archive, ["id": Self.id, "version": Self.version])) }
        }
        let transitions = (entity.states?.transitions ?? []).filter { $0.operation == nil }
        if !transitions.isEmpty {
            let names: JSONValue = .array(transitions.map { .string($0.name) })
            items.append(
                item(
                    .transition,
                    [
                        "id": Self.id, "action": ["type": "string", "enum": names], "version": Self.version,
                        "reason": [
                            "type": "string", "minLength": 1, "maxLength": .int(Int64(BatchItem.reasonLengthMax)),
                        ],
                    ], optional: ["version", "reason"]))
        }
        return items
    }

    private func item(_ verb: BatchItem.Verb, _ members: JSONObject, optional: Set<String> = []) -> JSONValue {
        var properties: JSONObject = ["op": ["const": .string(verb.rawValue)]]
        for (name, schema) in members.members { properties[name] = schema }
        let required = properties.names.filter { !optional.contains($0) }
        return [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
            "required": .array(required.map { .string($0) }),
        ]
    }

    private func form(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(reference).\(name)")] }

    private static func answer(_ reference: EntityReference) -> JSONValue {
        [
            "type": "object", "required": ["items"],
            "properties": [
                "items": [
                    "type": "array", "description": "In the order of the request.",
                    "items": [
                        "type": "object", "required": ["status"],
                        "properties": [
                            "status": ["type": "integer", "description": "As the item's own route would answer."],
                            "record": ["$ref": .string("#/components/schemas/\(reference)")],
                            "problem": ["$ref": "#/components/schemas/Problem"],
                        ],
                    ],
                ]
            ],
        ]
    }

    private static let id: JSONValue = ["type": "string", "format": "uuid"]
    private static let version: JSONValue = ["type": "integer", "format": "int64", "minimum": 1]
}
