import HostModel
import NIOHTTP1

/// Which web pages of other origins may call the API from a browser; none unless configured.
///
/// A request of an origin that isn't listed is answered without these fields, which makes the browser refuse the page.
/// Credentials are bearer tokens, so cookies are never allowed along.
struct CORS: Sendable {
    private let origins: Set<String>

    /// - Parameter origins: As browsers send them, such as `https://app.example.com`; `*` is not one.
    init(origins: [String]) {
        self.origins = Set(origins)
    }

    func fields(for request: HTTPRequest) -> [HTTPResponse.Field] {
        guard !origins.isEmpty else { return [] }
        guard let origin = request.fields.origin, origins.contains(origin) else { return [.init("Vary", "Origin")] }
        var fields: [HTTPResponse.Field] = [
            .init("Vary", "Origin"), .init("Access-Control-Allow-Origin", origin),
            .init(
                "Access-Control-Expose-Headers",
                "ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, X-Request-Id"),
        ]
        if request.method == .OPTIONS {
            fields.append(
                .init(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"))
            fields.append(.init("Access-Control-Max-Age", "600"))
        }
        return fields
    }

    /// The answer to OPTIONS: what may be done here, for browsers in CORS's words too.
    func options(_ methods: [String], for request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse.noContent
        let list = methods.joined(separator: ", ")
        response.fields.append(.init("Allow", list))
        if let origin = request.fields.origin, origins.contains(origin) {
            response.fields.append(.init("Access-Control-Allow-Methods", list))
        }
        return response
    }
}
