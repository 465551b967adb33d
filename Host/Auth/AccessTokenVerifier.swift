import Crypto
package import HostModel
import JWTKit

/// Checks access tokens: form, algorithm, key, signature, issuer, audience and times.
///
/// Costs about 0.2 ms; the ``CredentialCache`` stands before it.
package struct AccessTokenVerifier: Sendable {
    /// How far the issuer's clock may be ahead of ours. None for the expiry: that would only lengthen a stolen token.
    package static let clockLeeway: Duration = .seconds(30)

    private let keys: JWTKeyCollection
    private let keyIDs: Set<String>
    private let policy: AccessTokenPolicy

    package init(keys: SigningKeys, policy: AccessTokenPolicy) async {
        self.keys = JWTKeyCollection()
        self.policy = policy
        keyIDs = Set(keys.all.map(\.id))
        for key in keys.all {
            await self.keys.add(
                eddsa: EdDSA.PublicKey(backing: key.privateKey.publicKey), kid: JWKIdentifier(string: key.id))
        }
    }

    /// What the token says.
    ///
    /// - Throws: `token_expired` for one of ours that has ended, `unauthenticated` for every other fault. The answer
    ///   doesn't say which fault, so that it teaches a forger nothing.
    package func verify(_ token: String, at now: Timestamp) async throws(Problem) -> AccessClaims {
        // The key is looked up here because the library takes its default key for an unknown id.
        guard let header = AccessTokenHeader(token: token), keyIDs.contains(header.keyID) else {
            throw Self.refusal
        }
        let payload: AccessTokenPayload
        do {
            payload = try await keys.verify(token, as: AccessTokenPayload.self)
        } catch {
            throw Self.refusal
        }
        return try accept(payload, at: now)
    }

    private func accept(_ payload: AccessTokenPayload, at now: Timestamp) throws(Problem) -> AccessClaims {
        guard payload.iss == policy.issuer, payload.aud == policy.audience, let claims = payload.claims else {
            throw Self.refusal
        }
        let latestStart = (now + Self.clockLeeway).seconds
        guard payload.nbf <= latestStart, payload.iat <= latestStart,
            claims.expires - claims.issuedAt <= AccessTokenPolicy.lifetimeMax
        else { throw Self.refusal }
        guard now < claims.expires else {
            throw Problem(.tokenExpired, "The access token has expired; get a new one with the refresh token.")
        }
        return claims
    }

    private static var refusal: Problem {
        Problem(.unauthenticated, "The access token isn't valid; sign in again.")
    }
}
