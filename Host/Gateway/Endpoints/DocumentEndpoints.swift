import Crypto
import HostModel
import Synchronization

/// A document that is the same for everybody, encoded once; its ETag is its digest.
struct FixedDocument: OpenEndpoint {
    private let body: [UInt8]
    private let tag: String
    private let contentType: HTTPResponse.ContentType

    init(_ body: [UInt8], contentType: HTTPResponse.ContentType = .json) {
        self.body = body
        self.contentType = contentType
        let digest = SHA256.hash(data: body).prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        tag = "\"\(digest.joined())\""
    }

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        let field = HTTPResponse.Field("ETag", tag)
        let response = HTTPResponse(status: 200, contentType: contentType, body: .bytes(body), fields: [field])
        return Revalidation.answer(response, knowing: request.http.fields.ifNoneMatch)
    }
}

/// A fixed document that is made when it is first asked for: a reload needn't wait for what few read.
final class LateDocument: OpenEndpoint {
    private let make: @Sendable () -> [UInt8]
    private let document = Mutex<FixedDocument?>(nil)

    /// - Parameter make: Is called once, while those who ask meanwhile wait.
    init(_ make: @escaping @Sendable () -> [UInt8]) {
        self.make = make
    }

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        let made = document.withLock { document in
            let made = document ?? FixedDocument(make())
            document = made
            return made
        }
        return try await made.respond(to: request)
    }
}

/// `/healthz`: the process answers. `/readyz`: it should be sent requests.
struct HealthEndpoint: OpenEndpoint {
    /// What is asked before the answer; false is 503.
    let isHealthy: @Sendable () -> Bool

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        guard isHealthy() else { throw .unavailable() }
        return .json(Array("{\"status\":\"ok\"}".utf8))
    }
}

/// `/metrics` in Prometheus's text form.
struct MetricsEndpoint: OpenEndpoint {
    let exposition: @Sendable () async -> String

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        HTTPResponse(status: 200, contentType: .metrics, body: .bytes(Array(await exposition().utf8)))
    }
}
