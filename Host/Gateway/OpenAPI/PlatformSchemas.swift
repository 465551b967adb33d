import HostManifest
import HostModel

/// The schemas that belong to the platform and not to a plugin.
enum PlatformSchemas {
    static let all: JSONObject = [
        "Problem": problem, "Page": page, "Business": business, "User": user, "SignUpRequest": signUpRequest,
        "SignUp": signUp, "Session": session, "Me": me, "Feature": feature, "Features": list(of: "Feature"),
        "AuditEntry": auditEntry, "AuditPage": auditPage, "Aggregate": aggregate, "File": file, "FilePage": filePage,
        "Invariant": invariant, "Invariants": list(of: "Invariant"),
        "StatusChange": statusChange, "StatusHistoryPage": statusHistoryPage,
        "StatusLabel": statusLabel, "StatusLabels": list(of: "StatusLabel"),
        "CustomField": customField, "CustomFields": list(of: "CustomField"),
    ]

    static let headers: JSONObject = [
        "ETag": [
            "description": .string(
                "Of a record its version first: send it in `If-Match`. Of whatever was read: send it in "
                    + "`If-None-Match`."),
            "schema": ["type": "string"],
        ],
        "Location": ["description": "The path of the new record.", "schema": ["type": "string"]],
    ]

    private static let uuid: JSONValue = ["type": "string", "format": "uuid"]
    private static let text: JSONValue = ["type": "string"]
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]
    private static let tier: JSONValue = [
        "type": "string", "enum": .array(Tier.allCases.map { .string($0.rawValue) }),
    ]

    private static func object(_ properties: JSONObject, optional: Set<String> = []) -> JSONValue {
        [
            "type": "object",
            "required": .array(properties.names.filter { !optional.contains($0) }.map { .string($0) }),
            "properties": .object(properties),
        ]
    }

    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    private static func list(of name: String) -> JSONValue {
        object(["data": ["type": "array", "items": reference(name)]])
    }

    private static let problem = object(
        [
            "type": ["type": "string", "format": "uri"], "title": text,
            "status": ["type": "integer", "minimum": 400, "maximum": 599], "code": text, "detail": text,
            "instance": ["type": "string", "format": "uri", "description": "The request's id."],
            "errors": [
                "type": "array",
                "items": object(["path": text, "code": text, "detail": text]),
            ],
        ], optional: ["errors"])

    private static let aggregate: JSONValue = object([
        "data": [
            "type": "array",
            "items": [
                "type": "object",
                "description": "`group`, by the words asked for, and `count`, `sum`, `min` and `max` by member.",
            ],
        ], "more": ["type": "boolean", "description": "Whether groups were cut off."],
    ])

    private static let page = object(
        [
            "next": ["type": ["string", "null"], "description": "The cursor of the next page."],
            "limit": ["type": "integer", "minimum": 1, "maximum": 200],
            "count": ["type": "integer", "format": "int64", "description": "Where `count` asked for it."],
            "more": ["type": "boolean", "description": "Whether there are more than `count`."],
            "until": ["type": "string", "format": "date-time", "description": "The next `updated_since`."],
        ], optional: ["count", "more", "until"])

    /// The names of RFC 6749 section 5.1.
    private static func withTokens(_ properties: JSONObject) -> JSONValue {
        var properties = properties
        properties["access_token"] = text
        properties["token_type"] = ["type": "string", "const": "Bearer"]
        properties["expires_in"] = ["type": "integer", "description": "Seconds."]
        properties["refresh_token"] = text
        return object(properties)
    }

    private static let business = object([
        "id": uuid, "name": text, "industry": text, "currency": text, "time_zone": text, "country": text, "tier": tier,
    ])
    private static let user = object(["id": uuid, "email": text, "name": text])

    private static let signUpRequest: JSONValue = {
        var properties = JSONObject()
        for field in PlatformField.signUp { properties[field.column] = FieldSchema.schema(field) }
        properties["owner"] = FieldSchema.object(PlatformField.owner)
        return [
            "type": "object", "additionalProperties": false, "required": ["name", "owner"],
            "properties": .object(properties),
            "example": [
                "name": "Pipe & Sons", "time_zone": "America/Chicago",
                "owner": ["name": "Pat Pipe", "email": "pat@example.com", "password": "a long enough pass phrase"],
            ],
        ]
    }()

    private static let signUp = withTokens(["business": reference("Business"), "owner": reference("User")])
    private static let session = withTokens(["business_id": uuid, "user_id": uuid])

    private static let me = object([
        "user": reference("User"), "business": reference("Business"), "session_id": uuid,
        "roles": ["type": "array", "items": text],
    ])

    private static let feature = object([
        "name": text, "title": text, "tier": tier,
        "allowed": ["type": "boolean", "description": "Whether the tier of this business has it."],
    ])

    private static let invariant = object([
        "plugin": text, "invariant": text, "title": text,
        "holds": ["type": "boolean", "description": "It was checked, and no record breaks it."],
        "rows": ["type": ["integer", "null"], "description": "Records that break it, counted up to 1,000."],
        "sample_ids": ["type": "array", "items": text, "maxItems": 20], "checked_at": moment,
        "duration_ms": ["type": "integer"], "failure": ["type": ["string", "null"]],
    ])

    private static let auditEntry: JSONValue = [
        "type": "object", "required": ["id", "position", "occurred_at", "action"],
        "properties": [
            "id": uuid, "position": ["type": "integer"], "occurred_at": moment, "action": text, "entity": text,
            "record_id": ["type": ["string", "null"]], "request_id": ["type": ["string", "null"]],
            "actor_kind": text, "actor_id": uuid, "changes": ["type": ["object", "null"]],
            "reason": ["type": ["string", "null"]],
        ],
    ]

    private static let file = object([
        "id": uuid, "name": text, "media_type": text, "bytes": ["type": "integer", "format": "int64"],
        "sha256": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
        "visibility": ["type": "string", "enum": ["internal", "customer"]], "created_at": moment, "created_by": uuid,
        "archived_at": ["type": ["string", "null"], "format": "date-time"],
    ])

    private static let filePage = object([
        "data": ["type": "array", "items": reference("File")], "page": reference("Page"),
    ])

    private static let auditPage = object([
        "data": ["type": "array", "items": reference("AuditEntry")], "page": reference("Page"),
    ])

    private static let statusLabel = object([
        "id": uuid, "version": ["type": "integer", "minimum": 1], "entity": text, "status": text, "name": text,
        "colour": ["type": "string", "pattern": "^#[0-9a-f]{6}$"], "position": ["type": "integer"],
        "is_default": ["type": "boolean", "description": "Taken on with the status; one at most for each."],
        "archived_at": ["type": ["string", "null"], "format": "date-time"], "created_at": moment,
        "updated_at": moment,
    ])

    private static let statusChange = object([
        "id": uuid, "version": ["type": "integer", "description": "The version of the record that the change made."],
        "from": ["type": ["string", "null"], "description": "Null for the status that the record started in."],
        "to": text, "transition": ["type": ["string", "null"]], "reason": ["type": ["string", "null"]],
        "label_id": ["type": ["string", "null"], "format": "uuid"], "at": moment, "actor_kind": text, "by": uuid,
    ])

    private static let statusHistoryPage = object([
        "data": ["type": "array", "items": reference("StatusChange")], "page": reference("Page"),
    ])

    private static let customField = object([
        "id": uuid, "version": ["type": "integer"], "entity": text, "key": text, "label": text,
        "type": ["type": "string", "enum": .array(CustomField.Kind.allCases.map { .string($0.rawValue) })],
        "required": ["type": "boolean"], "options": ["type": "array", "items": text],
        "target": ["type": ["string", "null"], "description": "The entity of a ref."],
        "position": ["type": "integer"], "indexed": ["type": "boolean"], "unique": ["type": "boolean"],
        "visible_to_roles": [
            "type": "array", "items": text, "description": "Who sees it and its values; empty for everybody.",
        ],
        "index_state": [
            "type": ["string", "null"], "enum": ["building", "ready", "failed", nil],
            "description": "`ready` when lists use the index; null without one.",
        ], "archived_at": ["type": ["string", "null"], "format": "date-time"],
        "created_at": moment, "updated_at": moment,
    ])
}
