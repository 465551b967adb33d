import HostModel

/// The schemas of imports.
enum ImportSchemas {
    static let all: JSONObject = [
        "Import": job, "ImportPage": page(of: "Import"), "ImportFault": fault,
        "ImportFaultPage": page(of: "ImportFault"),
    ]

    private static let uuid: JSONValue = ["type": "string", "format": "uuid"]
    private static let text: JSONValue = ["type": "string"]
    private static let optionalText: JSONValue = ["type": ["string", "null"]]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let optionalCount: JSONValue = ["type": ["integer", "null"], "minimum": 0]
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]
    private static let optionalMoment: JSONValue = ["type": ["string", "null"], "format": "date-time"]

    private static let job: JSONValue = {
        let properties: JSONObject = [
            "id": uuid, "entity": text, "format": ["type": "string", "enum": ["csv", "ndjson"]],
            "delimiter": optionalText, "mode": ["type": "string", "enum": ["insert", "upsert"]], "key": optionalText,
            "dry_run": ["type": "boolean"], "on_error": ["type": "string", "enum": ["continue", "stop"]],
            "file_name": optionalText, "mapping": ["type": "object"],
            "status": [
                "type": "string",
                "enum": ["uploading", "ready", "validating", "running", "done", "failed", "cancelled"],
            ],
            "failure": ["type": ["object", "null"], "description": "Why it failed: `code` and `detail`."],
            "bytes_total": optionalCount, "bytes_received": count, "bytes_done": count, "rows_total": optionalCount,
            "rows_done": count, "rows_created": count, "rows_updated": count, "rows_unchanged": count,
            "rows_failed": count, "faults_kept": count,
            "invariants": [
                "type": ["array", "null"], "items": invariant,
                "description": "What the invariants of the plugin, and of those that build on it, found afterwards.",
            ],
            "has_file": ["type": "boolean", "description": "Whether the file is still kept."], "created_by": uuid,
            "created_at": moment, "started_by": ["type": ["string", "null"], "format": "uuid"],
            "started_at": optionalMoment, "finished_at": optionalMoment,
        ]
        return object(properties)
    }()

    private static let invariant = object([
        "plugin": text, "invariant": text, "title": text, "holds": ["type": "boolean"], "rows": optionalCount,
        "sample_ids": ["type": "array", "items": ["type": ["string", "null"]]], "failure": optionalText,
    ])

    private static let fault = object([
        "row": ["type": "integer", "minimum": 1, "description": "The header isn't counted."],
        "line": ["type": "integer", "minimum": 1, "description": "Of the file, where the row begins."],
        "column": optionalText, "path": text, "code": text, "detail": text,
    ])

    private static func page(of name: String) -> JSONValue {
        object([
            "data": ["type": "array", "items": ["$ref": .string("#/components/schemas/\(name)")]],
            "page": ["$ref": "#/components/schemas/Page"],
        ])
    }

    private static func object(_ properties: JSONObject) -> JSONValue {
        [
            "type": "object", "required": .array(properties.names.map { .string($0) }),
            "properties": .object(properties),
        ]
    }
}
