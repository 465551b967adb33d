/// The keys that may stand in each map of a manifest. `manifests/manifest.schema.json` lists the same ones.
enum ManifestGrammar {
    static let apiVersion = "thorbis.dev/v1"

    /// No plugin has these ids: they are schemas of the platform or of PostgreSQL, or parts of the platform's routes.
    static let platformNames: Set<String> = [
        "auth", "audit", "billing", "businesses", "custom", "events", "files", "idempotency", "imports", "invariants",
        "platform", "public", "search", "states", "thorbis", "users", "webhooks",
    ]

    static let manifest = [
        "apiVersion", "id", "name", "version", "pluginAPI", "requires", "features", "limits", "entities", "mounts",
        "operations", "roles", "events", "invariants",
    ]
    /// Words of the contract that this host doesn't carry out yet; it refuses them rather than ignoring them.
    static let notSupported = ["jobs", "tools", "settings", "capabilities"]
    static let feature = ["tier", "title", "onDowngrade"]
    static let entity = [
        "route", "feature", "writable", "archivable", "parent", "fields", "checks", "unique", "exclude", "indexes",
        "sorts", "include", "states", "was",
    ]
    static let invariant = ["sql", "title"]
    static let parent = ["entity", "member", "written", "max", "statuses"]
    static let check = ["id", "expr"]
    static let unique = ["fields", "while"]
    static let exclude = ["id", "resource", "during", "while"]
    static let states = ["field", "initial", "labels", "transitions"]
    static let transition = ["from", "to", "permission", "operation", "reason", "emits", "guards"]
    static let mount = ["entity", "where", "feature"]
    static let operation = [
        "route", "replaces", "input", "output", "errors", "permission", "feature", "effects", "limits",
    ]
    static let operationLimits = ["timeout", "rows", "body"]
    static let events = ["publishes", "subscribes"]

    static let fieldOfAnyType = ["type", "required", "default", "readOnly", "unique", "search", "sensitive", "was"]
    /// The keys that a type adds to those of any type; also the list of types.
    static let fieldOfType: [(type: String, keys: [String])] = [
        ("text", ["min", "max", "pattern", "caseless"]), ("texts", ["min", "max", "itemMax"]), ("email", []),
        ("phone", []),
        ("url", []), ("bool", []), ("int", ["min", "max", "counter"]),
        ("money", ["min", "max", "counter"]), ("quantity", ["min", "max", "counter"]), ("rate", []),
        ("enum", ["values"]),
        ("enums", ["values"]), ("date", []), ("timestamp", []), ("duration", ["min", "max"]),
        ("period", ["open"]), ("geo", []), ("timezone", []), ("uuid", []), ("json", ["schema"]), ("currency", []),
        ("country", []), ("ref", ["to"]), ("file", []), ("sequence", ["prefix", "gaps"]), ("list", ["items", "max"]),
    ]
    /// The words of JSON Schema that `schema` may use.
    static let jsonShape = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "minimum", "maximum", "minLength",
        "maxLength", "maxItems",
    ]
    static var field: [String] {
        var keys = fieldOfAnyType
        for key in fieldOfType.flatMap(\.keys) where !keys.contains(key) { keys.append(key) }
        return keys
    }

    /// Every map with keys of its own, by the name that the schema and `docs/PLUGINS.md` have for it; tests compare.
    static let maps: [(name: String, keys: [String])] = [
        ("manifest", manifest), ("feature", feature), ("entity", entity), ("parent", parent), ("check", check),
        ("unique", unique), ("exclude", exclude),
        ("states", states), ("transition", transition), ("mount", mount), ("operation", operation),
        ("operationLimits", operationLimits), ("events", events), ("invariant", invariant), ("field", field),
        ("jsonShape", jsonShape),
    ]

    /// Every table has these columns before its own (`docs/DATA.md`).
    static let baseColumns = [
        "business_id", "id", "version", "created_at", "updated_at", "created_by", "updated_by", "external_id",
        "custom", "archived_at",
    ]
    /// Names that generated Swift code needs for itself.
    static let generatedNames = ["fields", "record", "reference", "entity_name", "transition", "self", "init"]
}
