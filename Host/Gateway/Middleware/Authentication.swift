package import HostAuth
package import HostModel

/// A request whose sender is known.
struct IdentifiedRequest: Sendable {
    let routed: RoutedRequest
    let principal: Principal

    fileprivate init(_ routed: RoutedRequest, _ principal: Principal) {
        self.routed = routed
        self.principal = principal
    }
}

/// Finds out who asks: bearer tokens only, in the header only (RFC 6750 section 2.1).
struct Authentication: Sendable {
    let cache: CredentialCache
    /// Of the set of plugins whose roles ``principals`` knows.
    let edition: Int
    let verifier: AccessTokenVerifier
    let principals: any PrincipalSource
    let clock: any WallClock

    /// Synchronous for a token that was seen before: that is nearly every request.
    ///
    /// - Throws: `unauthenticated`, `token_expired`, or `unavailable` when the database can't be asked.
    func identify(_ request: RoutedRequest) async throws(Problem) -> IdentifiedRequest {
        let token = try Self.token(request.http.fields.authorization)
        let now = clock.now()
        if let principal = cache.lookup(token, edition: edition, at: now) {
            return IdentifiedRequest(request, principal)
        }
        return IdentifiedRequest(request, try await verify(token, at: now))
    }

    /// Whether a token is one of ours, for a choice that comes before ``identify(_:)``. Whether its session goes on is
    /// for that to find out.
    func isGenuine(_ authorization: String?) async -> Bool {
        guard let token = try? Self.token(authorization) else { return false }
        let now = clock.now()
        if cache.lookup(token, edition: edition, at: now) != nil { return true }
        return (try? await verifier.verify(token, at: now)) != nil
    }

    private func verify(_ token: String, at now: Timestamp) async throws(Problem) -> Principal {
        let ticket = cache.begin(edition: edition, at: now)
        let claims = try await verifier.verify(token, at: now)
        let principal = try await principals.principal(for: claims)
        cache.insert(token, principal, ticket)
        return principal
    }

    /// The token after `Bearer `, the scheme in either case.
    private static func token(_ authorization: String?) throws(Problem) -> String {
        guard let authorization, authorization.utf8.count > 7,
            authorization.utf8.starts(with: "Bearer ".utf8) || authorization.lowercased().hasPrefix("bearer ")
        else {
            throw Problem(.unauthenticated, "Sign in and send the access token as `Authorization: Bearer <token>`.")
        }
        return String(authorization.dropFirst(7))
    }
}

/// Where the rights of a verified token come from; in service that is the database.
package protocol PrincipalSource: Sendable {
    /// - Throws: `unauthenticated` when the session has ended, the user or the business was suspended.
    func principal(for claims: AccessClaims) async throws(Problem) -> Principal
}
