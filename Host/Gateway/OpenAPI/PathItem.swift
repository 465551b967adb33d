import HostManifest
import HostModel
import HostTenancy
import NIOHTTP1

/// What the document says about one path and the methods on it.
enum PathItem {
    /// The members that all methods of a path share.
    static func start(_ route: Route) -> JSONObject {
        guard route.pattern.contains("{id}") else { return [:] }
        let schema: JSONValue =
            route.pattern.hasSuffix("/external/{id}")
            ? ["type": "string", "minLength": 1, "maxLength": 200] : ["type": "string", "format": "uuid"]
        return ["parameters": [["name": "id", "in": "path", "required": true, "schema": schema]]]
    }

    static func operation(_ route: Route) -> JSONValue {
        var operation: JSONObject = [
            "operationId": .string(route.page.operationID), "summary": .string(route.page.summary),
            "tags": [.string(route.page.tag)],
        ]
        let parameters = parameters(route)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = requestBody(route) { operation["requestBody"] = body }
        operation["responses"] = .object(responses(route))
        operation["security"] = isOpen(route) ? [] : [["bearer": []]]
        if case .tenant(let requirement, _) = route.handler {
            if let permission = requirement.permission {
                operation["x-thorbis-permission"] = .string(permission.description)
            }
            if !requirement.also.isEmpty {
                operation["x-thorbis-permissions-also"] = .array(
                    requirement.also.map { .string($0.description) })
            }
            if let feature = requirement.feature { operation["x-thorbis-feature"] = .string(feature.description) }
        }
        return .object(operation)
    }

    static let problemResponse: JSONValue = [
        "description": "A problem; `code` says which.",
        "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
    ]

    private static func isOpen(_ route: Route) -> Bool {
        if case .open = route.handler { true } else { false }
    }

    private static func parameters(_ route: Route) -> [JSONValue] {
        let query: [JSONValue] = route.page.query.map {
            [
                "name": .string($0.name), "in": "query", "description": .string($0.detail),
                "schema": ["type": .string($0.type)],
            ]
        }
        let ifMatch: [JSONValue] = [
            [
                "name": "If-Match", "in": "header", "required": .bool(route.precondition == .required),
                "description": "The ETag of the record that was read.",
                "schema": ["type": "string", "pattern": "^\"[1-9][0-9]*(\\.[A-Za-z0-9_-]{11})?\"$"],
            ]
        ]
        return query + (route.precondition == .none ? [] : ifMatch) + (route.keying == .taken ? [idempotencyKey] : [])
            + (isRevalidated(route) ? [ifNoneMatch] : [])
    }

    private static let ifNoneMatch: JSONValue = [
        "name": "If-None-Match", "in": "header", "required": false,
        "description": "The ETag of the answer that is known; 304 without a body when it is still the same.",
        "schema": ["type": "string"],
    ]

    /// Whether its answers have an entity tag of their bytes; see ``Revalidation``.
    private static func isRevalidated(_ route: Route) -> Bool {
        guard route.method == .GET, !isOpen(route) else { return false }
        switch route.page.answer {
        case .record, .list, .fields, .named: return true
        case .document(let type): return type == "application/json"
        case .bytes, .nothing: return false
        }
    }

    private static let idempotencyKey: JSONValue = [
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": .string(
            "Makes the request repeatable: for 48 hours the same request with the same key is done once and answered "
                + "alike, with `Idempotency-Replayed: true`."),
        "schema": ["type": "string", "pattern": "^[!-~]{1,255}$"],
    ]

    private static func requestBody(_ route: Route) -> JSONValue? {
        let schema: JSONValue
        switch route.input {
        case .none: return nil
        case .create: schema = form(route, "create")
        case .patch: schema = form(route, "patch")
        case .fields(let fields, _):
            schema = route.page.bodySchema.map { reference($0) } ?? FieldSchema.object(fields)
        case .raw(let types, let max): return rawBody(types, max)
        case .batch: schema = reference(route.page.bodySchema ?? "")
        }
        return [
            "required": .bool(!route.input.mayBeEmpty), "content": ["application/json": ["schema": schema]],
        ]
    }

    private static func rawBody(_ types: [String], _ bodyBytesMax: Int) -> JSONValue {
        var content = JSONObject()
        for type in types { content[type] = [:] as JSONValue }
        return [
            "required": true, "description": .string("At most \(bodyBytesMax) bytes."), "content": .object(content),
        ]
    }

    private static func form(_ route: Route, _ name: String) -> JSONValue {
        guard case .record(let reference, _) = route.page.answer else { return ["type": "object"] }
        return self.reference("\(reference).\(name)")
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }

    private static func responses(_ route: Route) -> JSONObject {
        let success = success(route)
        var responses: JSONObject = [String(success.status): success.response]
        if isRevalidated(route) {
            responses["304"] = [
                "description": "The answer that is known is still the same.", "headers": ["ETag": header("ETag")],
            ]
        }
        for status in statuses(route) { responses[String(status)] = ["$ref": "#/components/responses/Problem"] }
        responses["default"] = ["$ref": "#/components/responses/Problem"]
        return responses
    }

    /// The statuses of the problems that the route is known to answer with, ascending.
    private static func statuses(_ route: Route) -> [Int] {
        var codes = route.page.codes
        if !isOpen(route) { codes += [.unauthenticated, .forbidden] }
        switch route.input {
        case .none: break
        default: codes += [.malformedBody, .bodyTooLarge, .unsupportedMediaType, .validationFailed]
        }
        return Set(codes.map { ErrorTable.row($0).status }).sorted()
    }

    private static func success(_ route: Route) -> (status: Int, response: JSONValue) {
        let tag: JSONObject = isRevalidated(route) ? ["ETag": header("ETag")] : [:]
        switch route.page.answer {
        case .record(let reference, let status):
            let headers: JSONObject =
                status == 201 ? ["ETag": header("ETag"), "Location": header("Location")] : ["ETag": header("ETag")]
            return (status, response("application/json", ["schema": self.reference("\(reference)")], headers))
        case .list(let reference): return (200, list(of: reference, tag))
        case .fields(let fields, let status):
            return (status, response("application/json", ["schema": FieldSchema.object(fields)], tag))
        case .named(let name, let status):
            return (status, response("application/json", ["schema": reference(name)], tag))
        case .bytes(let types): return (200, bytes(types))
        case .nothing: return (204, ["description": "Done."])
        case .document(let type):
            let schema: JSONValue = type.hasPrefix("text/") ? ["type": "string"] : ["type": "object"]
            return (200, response(type, ["schema": schema], tag))
        }
    }

    private static func bytes(_ types: [String]) -> JSONValue {
        var content = JSONObject()
        for type in types { content[type] = [:] as JSONValue }
        return ["description": "The answer, as it is made.", "content": .object(content)]
    }

    private static func list(of reference: EntityReference, _ headers: JSONObject) -> JSONValue {
        let schema: JSONValue = [
            "type": "object", "required": ["data", "page"],
            "properties": [
                "data": ["type": "array", "items": self.reference("\(reference)")],
                "page": ["$ref": "#/components/schemas/Page"],
            ],
        ]
        return response("application/json", ["schema": schema], headers)
    }

    private static func header(_ name: String) -> JSONValue { ["$ref": .string("#/components/headers/\(name)")] }

    private static func response(_ type: String, _ media: JSONValue, _ headers: JSONObject) -> JSONValue {
        var response: JSONObject = ["description": "The answer."]
        if !headers.names.isEmpty { response["headers"] = .object(headers) }
        var content = JSONObject()
        content[type] = media
        response["content"] = .object(content)
        return .object(response)
    }
}
