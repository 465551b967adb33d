import HostManifest
import HostModel

/// A field's values as a JSON Schema (draft 2020-12, the dialect of OpenAPI 3.1).
enum FieldSchema {
    static func schema(_ field: Field) -> JSONValue {
        var schema = type(field.type)
        if let defaultValue = field.defaultValue { schema["default"] = defaultValue }
        return .object(schema)
    }

    /// The same, or null: what isn't required may be absent, and shows as null when it is read.
    static func nullable(_ field: Field) -> JSONValue {
        guard !field.isRequired else { return schema(field) }
        var schema = type(field.type)
        if let type = schema["type"] { schema["type"] = [type, "null"] }
        if let values = schema["enum"]?.array { schema["enum"] = .array(values + [.null]) }
        return .object(schema)
    }

    /// As it is read: the mask, or for those who may see it the value.
    static func masked(_ field: Field) -> JSONValue {
        var types: [JSONValue] = [self.type(field.type)["type"] ?? "string"]
        if types != ["string"] { types.append("string") }
        return [
            "type": .array(types + ["null"]),
            "description": .string("`\(Field.mask)` unless the caller has the permission to reveal it."),
        ]
    }

    private static func type(_ type: FieldType) -> JSONObject {
        switch type {
        case .text(let min, let max, let pattern, _): text(min, max, pattern)
        case .texts(let min, let max, let itemMax):
            [
                "type": "array", "minItems": .int(Int64(min)), "maxItems": .int(Int64(max)),
                "items": ["type": "string", "minLength": 1, "maxLength": .int(Int64(itemMax))],
            ]
        case .shapedJSON(let shape): shape.schema.object ?? ["type": "object"]
        case .period(let isOpen): period(isOpen: isOpen)
        case .geo: geo
        case .email: ["type": "string", "format": "email", "maxLength": 254]
        case .phone: ["type": "string", "pattern": "^\\+[0-9]{8,15}$", "description": "E.164."]
        case .bool: ["type": "boolean"]
        case .int(let min, let max): integer(min, max, nil)
        case .money(let min, let max): integer(min, max, "Minor units of the currency.")
        case .quantity(let min, let max): integer(min, max, "Thousandths of the unit.")
        case .rate: integer(0, 10_000_000, "Parts per million.")
        case .enumeration(let values): ["type": "string", "enum": .array(values.map { .string($0) })]
        case .enumerationSet(let values):
            [
                "type": "array", "uniqueItems": true,
                "items": ["type": "string", "enum": .array(values.map { .string($0) })],
            ]
        case .list(let fields, let max):
            ["type": "array", "maxItems": .int(Int64(max)), "items": object(fields)]
        default: named(type)
        }
    }

    /// The types that are strings of a known form.
    private static func named(_ type: FieldType) -> JSONObject {
        switch type {
        case .date: ["type": "string", "format": "date"]
        case .timestamp: ["type": "string", "format": "date-time"]
        case .duration(let min, let max):
            [
                "type": "string", "format": "duration",
                "description": .string(
                    "ISO 8601 without years and months, \(WholeSeconds(min).iso8601) to \(WholeSeconds(max).iso8601)."),
            ]
        case .url: ["type": "string", "format": "uri", "maxLength": 2048, "description": "http or https."]
        case .file: ["type": "string", "format": "uuid", "description": "The id of a file."]
        case .timeZone: ["type": "string", "description": "An IANA time zone, such as `America/Chicago`."]
        case .uuid: ["type": "string", "format": "uuid"]
        case .json: ["type": "object"]
        case .currency: ["type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217."]
        case .country: ["type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2."]
        case .reference(let entity):
            ["type": "string", "format": "uuid", "description": .string("The id of a `\(entity)`.")]
        case .sequence(let prefix, let hasGaps):
            [
                "type": "string",
                "description": .string("`\(prefix)` and six or more digits\(hasGaps ? "" : ", without gaps")."),
            ]
        default: ["type": "string"]
        }
    }

    private static func period(isOpen: Bool) -> JSONObject {
        let type: JSONValue = isOpen ? ["string", "null"] : "string"
        let end: JSONValue = ["type": type, "format": "date-time"]
        return [
            "type": "object", "additionalProperties": false, "properties": ["from": end, "to": end],
            "required": isOpen ? [] : ["from", "to"], "description": "From an instant to a later one, itself excluded.",
        ]
    }

    private static let geo: JSONObject = [
        "type": "object", "additionalProperties": false, "required": ["lat", "lng"],
        "description": "Degrees of WGS 84; more than six decimals are rounded.",
        "properties": [
            "lat": ["type": "number", "minimum": -90, "maximum": 90],
            "lng": ["type": "number", "minimum": -180, "maximum": 180],
        ],
    ]

    /// An object of these fields, by their JSON names; nothing else may be in it.
    static func object(_ fields: [Field]) -> JSONValue {
        var properties = JSONObject()
        for field in fields { properties[field.column] = nullable(field) }
        var schema: JSONObject = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        let required = fields.filter { $0.isRequired }.map { JSONValue.string($0.column) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    private static func text(_ min: Int, _ max: Int, _ pattern: String?) -> JSONObject {
        var schema: JSONObject = ["type": "string", "maxLength": .int(Int64(max))]
        if min > 0 { schema["minLength"] = .int(Int64(min)) }
        if let pattern { schema["pattern"] = .string("^(?:\(pattern))$") }
        return schema
    }

    private static func integer(_ min: Int64, _ max: Int64, _ detail: String?) -> JSONObject {
        var schema: JSONObject = ["type": "integer", "format": "int64"]
        if min > .min { schema["minimum"] = .int(min) }
        if max < .max { schema["maximum"] = .int(max) }
        if let detail { schema["description"] = .string(detail) }
        return schema
    }
}
