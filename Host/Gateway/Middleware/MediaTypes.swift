import HostModel

/// The media types that are understood and given.
enum MediaTypes {
    /// - Throws: `unsupported_media_type` for anything but JSON in UTF-8.
    static func checkContentType(_ value: String?) throws(Problem) {
        if value == "application/json" { return }
        let parts = (value ?? "").lowercased().split(separator: ";").map { trimmed($0) }
        guard parts.first == "application/json",
            parts.dropFirst().allSatisfy({ $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" })
        else {
            throw Problem(.unsupportedMediaType, "The body must be sent as `Content-Type: application/json`.")
        }
    }

    /// - Throws: `unsupported_media_type` for anything but one of these types, and for text that isn't UTF-8.
    static func checkContentType(_ value: String?, oneOf types: [String]) throws(Problem) {
        let parts = (value ?? "").lowercased().split(separator: ";").map { trimmed($0) }
        let isUTF8 = parts.dropFirst().allSatisfy { part in
            !part.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\""].contains(part)
        }
        guard let type = parts.first, types.contains(type), isUTF8 else {
            let list = types.map { "`\($0)`" }.joined(separator: ", ")
            throw Problem(.unsupportedMediaType, "The body must be sent as one of \(list), text as UTF-8.")
        }
    }

    /// - Throws: `not_acceptable` when the client takes none of what the route gives.
    static func checkAccept(_ value: String?, _ answer: RoutePage.Answer) throws(Problem) {
        if case .bytes(let types) = answer { return try checkAccept(value, oneOf: types) }
        guard let value, value != "*/*", value != "application/json" else { return }
        let isText = if case .document(let type) = answer { type.hasPrefix("text/") } else { false }
        let given = isText ? ["text/plain", "text/*", "*/*"] : ["application/json", "application/*", "*/*"]
        guard accepts(value, given) else { throw Problem(.notAcceptable, "This route answers with \(given[0]).") }
    }

    /// For routes that answer with bytes; `*/*` among the types is whatever was kept.
    private static func checkAccept(_ value: String?, oneOf types: [String]) throws(Problem) {
        guard let value, !types.contains("*/*") else { return }
        let ranges = types.map { $0.prefix { $0 != "/" } + "/*" }.map { String($0) }
        guard accepts(value, types + ranges + ["*/*"]) else {
            throw Problem(.notAcceptable, "This route answers with \(types.joined(separator: " or ")).")
        }
    }

    /// Whether a media range of the field is one of these and isn't weighted zero.
    private static func accepts(_ value: String, _ given: [String]) -> Bool {
        value.lowercased().split(separator: ",").contains { range in
            let parts = range.split(separator: ";").map { trimmed($0) }
            guard let type = parts.first, given.contains(type) else { return false }
            return !parts.dropFirst().contains { isZero($0) }
        }
    }

    /// Whether a parameter is a weight of zero: `q=0`, `q=0.0`.
    private static func isZero(_ parameter: String) -> Bool {
        guard parameter.hasPrefix("q="), let weight = Double(parameter.dropFirst(2)) else { return false }
        return weight == 0
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
