import Foundation
import HostModel
import JWTKit

/// The claims on the wire (RFC 9068 section 2.2, with `sid` and `bid` for session and business).
struct AccessTokenPayload: JWTPayload {
    let iss: String
    let aud: String
    let exp: Int64
    let nbf: Int64
    let iat: Int64
    let jti: String
    let sub: String
    let sid: String
    let bid: String

    init(claims: AccessClaims, policy: AccessTokenPolicy) {
        iss = policy.issuer
        aud = policy.audience
        exp = claims.expires.seconds
        nbf = claims.issuedAt.seconds
        iat = claims.issuedAt.seconds
        jti = claims.tokenID.uuidString.lowercased()
        sub = claims.user.description
        sid = claims.session.description
        bid = claims.business.description
    }

    /// Nothing here: the claims are checked against the given clock by ``AccessTokenVerifier``, not the machine's.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// The claims as types; nil if an id is no UUID or a time is out of range.
    var claims: AccessClaims? {
        guard let user = UserID(sub), let session = SessionID(sid), let business = BusinessID(bid),
            let tokenID = UUID(uuidString: jti), Self.times.contains(iat), Self.times.contains(exp)
        else { return nil }
        return AccessClaims(
            user: user, session: session, business: business, tokenID: tokenID,
            issuedAt: Timestamp(microseconds: iat * 1_000_000), expires: Timestamp(microseconds: exp * 1_000_000))
    }

    /// Seconds since 1970 up to the year 9999: multiplying them to microseconds can't overflow.
    private static let times: ClosedRange<Int64> = 0...253_402_300_799
}
