package import HostStorage

/// An answer, before it has a date, a length and a request id.
package struct HTTPResponse: Sendable {
    package enum ContentType: Sendable {
        case json, problem, text, metrics
        /// Another one, as it goes out.
        case other(String)
    }

    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// JSON of the database, copied once: into the answer.
        case text(JSONText)
        /// A JSON object of the database whose closing brace is replaced by bytes that end with one.
        case spliced(JSONText, ending: [UInt8])
        /// Made while it is sent.
        case stream(HTTPStream)

        /// Bytes; nil when that isn't known.
        package var count: Int? {
            switch self {
            case .none: 0
            case .bytes(let bytes): bytes.count
            case .text(let text): text.withBytes { $0.byteCount }
            case .spliced(let text, let ending): text.withBytes { $0.byteCount } - 1 + ending.count
            case .stream(let stream): stream.length
            }
        }
    }

    /// A field that not every answer has. Bytes that could end a line are left out when it is written.
    package struct Field: Sendable {
        package let name: StaticString
        package let value: String

        package init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var status: Int
    package var contentType: ContentType
    package var body: Body
    package var fields: [Field]
    /// The problem's code, for logs and metrics.
    package var code: String?
    /// Whether it shows values that are sealed in the database: nothing keeps it, and no digest of it is told.
    package var isConfidential = false
    /// Whether the connection can't be used after this answer.
    package var closesConnection = false

    package init(
        status: Int, contentType: ContentType = .json, body: Body = .none, fields: [Field] = [], code: String? = nil
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.fields = fields
        self.code = code
    }

    package static let noContent = HTTPResponse(status: 204)

    package static func json(_ bytes: [UInt8], status: Int = 200, fields: [Field] = []) -> HTTPResponse {
        HTTPResponse(status: status, body: .bytes(bytes), fields: fields)
    }
}
