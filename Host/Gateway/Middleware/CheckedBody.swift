import HostManifest
import HostModel
import NIOCore

/// The members of a body that were checked against the route's fields.
struct CheckedBody: Sendable {
    /// By field name; defaults are filled in. Empty for routes without input, and for those that take bytes.
    let values: [String: JSONValue]
    /// The members as they were sent: what isn't among them has its default, or nothing.
    let sent: Set<String>

    /// - Throws: `unsupported_media_type`, `malformed_body`, `validation_failed` with every field at fault,
    ///   `status_not_writable`.
    init(_ request: RoutedRequest) throws(Problem) {
        guard let validator = request.route.validator else {
            if case .raw(let types, _) = request.route.input {
                try MediaTypes.checkContentType(request.http.fields.contentType, oneOf: types)
            }
            let object = try Self.unchecked(request)
            values = Dictionary(uniqueKeysWithValues: object.members.map { ($0.name, $0.value) })
            sent = Set(object.names)
            return
        }
        let object = try Self.object(request)
        values = try validator.values(of: object)
        sent = Set(object.names)
    }

    /// The members of a body that its endpoint checks.
    private static func unchecked(_ request: RoutedRequest) throws(Problem) -> JSONObject {
        guard case .batch = request.route.input else { return JSONObject() }
        return try object(request)
    }

    private static func object(_ request: RoutedRequest) throws(Problem) -> JSONObject {
        let body = request.http.body
        if body.readableBytes == 0, request.route.input.mayBeEmpty { return JSONObject() }
        try MediaTypes.checkContentType(request.http.fields.contentType)
        let value: JSONValue
        do {
            value = try JSONParser.parse(Array(body.readableBytesView))
        } catch {
            throw Problem(
                .malformedBody,
                "The body is not acceptable JSON at byte \(error.offset): \(explanation(error.reason)).",
                members: ["offset": .int(Int64(error.offset)), "reason": .string(error.reason.rawValue)])
        }
        guard let object = value.object else {
            throw Problem(
                .malformedBody, "The body must be a JSON object.", members: ["offset": 0, "reason": "notAnObject"])
        }
        return object
    }

    private static func explanation(_ reason: JSONParser.Failure.Reason) -> String {
        switch reason {
        case .syntax: "it breaks the grammar"
        case .duplicateName: "a name comes twice in one object"
        case .tooDeep: "it is nested too deeply"
        case .notUTF8: "a string is not UTF-8"
        case .numberOutOfRange: "a number is too large"
        }
    }
}
