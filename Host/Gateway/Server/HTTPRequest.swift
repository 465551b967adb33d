package import HostModel
package import NIOCore
package import NIOHTTP1

/// A whole request: head and body, as the engine hands it to the responder.
package struct HTTPRequest: Sendable {
    /// The server's own; what the client sends as one is ignored.
    package let id: RequestID
    package let head: HTTPRequestHead
    package let body: ByteBuffer
    /// The address of the peer, without the port. Forwarding headers are not looked at.
    package let peer: String
    package let arrival: NIODeadline
    package let fields: HeaderFields

    package init(
        id: RequestID, head: HTTPRequestHead, body: ByteBuffer, peer: String, arrival: NIODeadline,
        fields: HeaderFields
    ) {
        self.id = id
        self.head = head
        self.body = body
        self.peer = peer
        self.arrival = arrival
        self.fields = fields
    }

    package var method: HTTPMethod { head.method }

    /// The part after `?`, empty when there is none.
    package var query: Substring {
        guard let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return head.uri[head.uri.utf8.index(after: mark)...]
    }
}

/// The header fields that the gateway looks at, found in one pass over the head.
///
/// A field that must be single and comes twice makes the head ambiguous: ``repeated`` names it.
package struct HeaderFields: Sendable {
    package private(set) var accept: String?
    package private(set) var authorization: String?
    package private(set) var contentLength: String?
    package private(set) var contentType: String?
    package private(set) var expect: String?
    package private(set) var host: String?
    package private(set) var idempotencyKey: String?
    package private(set) var ifMatch: String?
    package private(set) var ifNoneMatch: String?
    package private(set) var origin: String?
    package private(set) var transferEncoding: String?
    package private(set) var isUpgrade = false
    /// The name of a single-valued field that was sent more than once.
    package private(set) var repeated: String?

    package init(_ headers: HTTPHeaders) {
        for (name, value) in headers { take(name, value) }
    }

    /// Compares by length first: most fields of a request are none of these.
    private mutating func take(_ name: String, _ value: String) {
        switch name.utf8.count {
        case 4: set(\.host, "host", name, value)
        case 6:
            if Self.same(name, "accept") { accept = accept.map { "\($0), \(value)" } ?? value }
            set(\.origin, "origin", name, value)
            set(\.expect, "expect", name, value)
        case 7: if Self.same(name, "upgrade") { isUpgrade = true }
        case 8: set(\.ifMatch, "if-match", name, value)
        case 12: set(\.contentType, "content-type", name, value)
        case 13:
            set(\.authorization, "authorization", name, value)
            set(\.ifNoneMatch, "if-none-match", name, value)
        case 14: set(\.contentLength, "content-length", name, value)
        case 15: set(\.idempotencyKey, "idempotency-key", name, value)
        case 17: set(\.transferEncoding, "transfer-encoding", name, value)
        default: break
        }
    }

    private mutating func set(
        _ field: WritableKeyPath<HeaderFields, String?>, _ wanted: StaticString, _ name: String, _ value: String
    ) {
        guard Self.same(name, wanted) else { return }
        if self[keyPath: field] != nil { repeated = name }
        self[keyPath: field] = value
    }

    /// Whether two names are the same, letters in either case; the lengths are equal already.
    private static func same(_ name: String, _ wanted: StaticString) -> Bool {
        wanted.withUTF8Buffer { wanted in
            // Sound: a static string's bytes live as long as the process.
            unsafe zip(name.utf8, wanted).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }
}
