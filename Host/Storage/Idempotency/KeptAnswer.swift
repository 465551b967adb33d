import HostModel

/// An answer as it is kept for a request that comes again.
package struct KeptAnswer: Hashable, Sendable {
    /// Larger bodies aren't kept: the request is done once, but a repetition is told no more than that.
    package static let bodyBytesMax = 1_048_576

    package let status: Int
    /// Whether the body is a problem document.
    package let isProblem: Bool
    /// Of the header fields only those that belong to the record.
    package let entityTag: String?
    package let location: String?
    /// Nil for one that can't be kept.
    package let body: [UInt8]?

    package init(status: Int, isProblem: Bool = false, entityTag: String?, location: String?, body: [UInt8]?) {
        self.status = status
        self.isProblem = isProblem
        self.entityTag = entityTag
        self.location = location
        self.body = (body?.count ?? 0) > Self.bodyBytesMax ? nil : body
    }

    /// A line of JSON with the fields, then the body; nil when there is no body to keep.
    var packed: [UInt8]? {
        guard let body else { return nil }
        var head = JSONObject(["problem": .bool(isProblem)])
        head["etag"] = entityTag.map { .string($0) }
        head["location"] = location.map { .string($0) }
        return JSONValue.object(head).utf8 + [UInt8(ascii: "\n")] + body
    }

    /// Nil for bytes that ``packed`` never gave.
    init?(status: Int, packed bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let head = try? JSONParser.parse(Array(bytes[..<end]))
        else { return nil }
        self.init(
            status: status, isProblem: head["problem"]?.bool ?? false, entityTag: head["etag"]?.string,
            location: head["location"]?.string, body: Array(bytes[(end + 1)...]))
    }
}
