import HostAuth
import HostModel
import HostStorage
import NIOCore
import NIOHTTP1

/// The header field `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters,
/// taken as they are, quotes included.
enum IdempotencyKey {
    /// What a request claims: the key belongs to the business, the route and the id in the path.
    ///
    /// The person is part of what must be the same, so that nobody is shown the answer that somebody else got.
    ///
    /// - Throws: `malformed_request`.
    static func claim(
        _ key: String, _ request: RoutedRequest, of principal: Principal
    ) throws(Problem) -> IdempotencyClaim {
        let isKey = (1...IdempotencyClaim.keyLengthMax).contains(key.utf8.count)
        guard isKey, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .malformedRequest,
                "`Idempotency-Key` has 1 to \(IdempotencyClaim.keyLengthMax) visible ASCII characters.")
        }
        let http = request.http
        let texts = [
            http.method.rawValue, http.head.uri, http.fields.ifMatch ?? "", http.fields.contentType ?? "",
            principal.user.description,
        ]
        return IdempotencyClaim(
            key: key, route: "\(http.method.rawValue) \(request.route.pattern)", target: request.parameter ?? "",
            request: texts.map { Array($0.utf8) } + [Array(http.body.readableBytesView)], roles: principal.roles)
    }
}
