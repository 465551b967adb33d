import HostAuth
import HostModel
import HostStorage

/// Turns an opened session into the tokens that a client gets.
struct TokenGrant: Sendable {
    let issuer: AccessTokenIssuer
    let ids: UUIDv7Source
    let clock: any WallClock
    let observer: any Observer

    /// `access_token`, `token_type`, `expires_in` in seconds, `refresh_token`: the names of RFC 6749 section 5.1.
    ///
    /// - Throws: `internal_error` when the signing library fails.
    func members(_ grant: SessionGrant, request: RequestID) async throws(Problem) -> JSONObject {
        let token: AccessToken
        do {
            token = try await issuer.issue(
                user: grant.user, session: grant.session, business: grant.business, tokenID: ids.next())
        } catch {
            observer.observe(.internalError(request: request, room: "gateway", detail: "\(error)"))
            throw Problem(.internalError, "Something went wrong on our side.")
        }
        return [
            "access_token": .string(token.text), "token_type": "Bearer",
            "expires_in": .int((token.claims.expires - clock.now()).components.seconds),
            "refresh_token": .string(grant.refreshToken.text),
        ]
    }
}
