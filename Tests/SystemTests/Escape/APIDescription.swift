import HostModel
import Testing

/// What the server says of itself in `GET /api/public/v1/openapi.json`, as far as generated tests need it.
struct APIDescription: Sendable {
    struct Route: Sendable {
        let method: String
        /// With `{id}`.
        let pattern: String
        /// The schema of a JSON body, references followed one level; nil without one.
        let body: JSONValue?
        /// What the body is sent as, where it isn't JSON.
        let mediaType: String?
        /// The entity that it answers with a record of, such as `core.party`.
        let answer: String?
        let isList: Bool
        let parameters: [String]
        let takesVersion: Bool
        let takesKey: Bool
        let isOpen: Bool

        var hasID: Bool { pattern.contains("{id}") }
        var isWrite: Bool { method != "GET" }
        /// `POST /api/hs/app/v1/customers`.
        var name: String { "\(method) \(pattern)" }
    }

    let schemas: JSONObject
    let routes: [Route]

    init(_ document: JSONValue) throws {
        schemas = try #require(document["components"]?["schemas"]?.object)
        let paths = try #require(document["paths"]?.object)
        var routes: [Route] = []
        for (pattern, item) in paths.members {
            for method in ["get", "post", "put", "patch", "delete"] {
                guard let operation = item[method] else { continue }
                routes.append(Self.route(method.uppercased(), pattern, operation, schemas))
            }
        }
        self.routes = routes
    }

    static func read(from baseURL: Firm) async throws -> APIDescription {
        try APIDescription(try await baseURL.client.get("/api/public/v1/openapi.json").json)
    }

    /// Every entity: the schemas with a plugin before the dot and one name after it.
    var entities: [String] {
        schemas.names.filter { $0.split(separator: ".").count == 2 && schemas[$0]?["properties"]?["version"] != nil }
    }

    /// The entity whose records are below a path: that of the list at its start.
    func entity(below pattern: String) -> String? {
        let lists = routes.filter { $0.isList && (pattern == $0.pattern || pattern.hasPrefix($0.pattern + "/")) }
        return lists.max { $0.pattern.count < $1.pattern.count }?.answer
    }

    /// A schema, its reference followed.
    func resolved(_ schema: JSONValue) -> JSONValue { Self.resolved(schema, schemas) }

    private static func resolved(_ schema: JSONValue, _ schemas: JSONObject) -> JSONValue {
        guard let name = schema["$ref"]?.string?.split(separator: "/").last else { return schema }
        return schemas[String(name)] ?? schema
    }

    private static func route(
        _ method: String, _ pattern: String, _ operation: JSONValue, _ schemas: JSONObject
    ) -> Route {
        let content = operation["requestBody"]?["content"]
        let body = content?["application/json"]?["schema"]
        let media = body == nil ? content?.object?.names.first { !$0.contains("octet") && !$0.hasPrefix("image") } : nil
        let success = operation["responses"]?.object?.members.first { $0.name.hasPrefix("2") }?.value
        let answer = success?["content"]?["application/json"]?["schema"]
        let elements = answer?["properties"]?["data"]?["items"]
        let reference = ((elements ?? answer)?["$ref"]?.string?.split(separator: "/").last).map(String.init)
        let isEntity = reference?.contains(".") == true && reference?.hasSuffix("batch_answer") != true
        let parameters = operation["parameters"]?.array ?? []
        let names = parameters.compactMap { $0["name"]?.string }
        return Route(
            method: method, pattern: pattern, body: body.map { resolved($0, schemas) },
            mediaType: body == nil ? media ?? content?.object?.names.first : nil,
            answer: isEntity ? reference : nil, isList: elements != nil && isEntity, parameters: names,
            takesVersion: names.contains("If-Match"), takesKey: names.contains("Idempotency-Key"),
            isOpen: operation["security"] == [])
    }
}

/// A place in a body where the id of a record goes.
struct ReferencePlace: Hashable, Sendable {
    /// Names of members; `0` for the one element of a list.
    let path: [String]
    /// The entity whose id it takes.
    let entity: String
}

extension APIDescription {
    /// Every place of a schema that takes an id of a record; lists have one element.
    func references(in schema: JSONValue, of entity: String?, at path: [String] = []) -> [ReferencePlace] {
        guard path.count < 8 else { return [] }
        let schema = resolved(schema)
        if let items = schema["items"] { return references(in: items, of: entity, at: path + ["0"]) }
        return (schema["properties"]?.object?.members ?? []).flatMap { name, value -> [ReferencePlace] in
            if let target = target(name, value, of: entity) {
                return [ReferencePlace(path: path + [name], entity: target)]
            }
            return references(in: value, of: entity, at: path + [name])
        }
    }

    /// The entity that a member names a record of; nil for other members.
    func target(_ name: String, _ schema: JSONValue, of entity: String?) -> String? {
        guard schema["format"] == "uuid", name.hasSuffix("_id") else { return nil }
        if let words = schema["description"]?.string?.split(separator: "`"), words.count > 1,
            schemas[String(words[1])] != nil
        {
            return String(words[1])
        }
        let plugin = entity?.split(separator: ".").first.map(String.init) ?? ""
        let parent = "\(plugin).\(name.dropLast(3))"
        return schemas[parent] != nil ? parent : nil
    }
}
