package import Foundation
package import HostModel
import JWTKit

/// Signs access tokens: JWTs of type `at+jwt` with EdDSA.
package struct AccessTokenIssuer: Sendable {
    private let keys: JWTKeyCollection
    private let keyID: String
    private let policy: AccessTokenPolicy
    private let clock: any WallClock

    package init(keys: SigningKeys, policy: AccessTokenPolicy, clock: any WallClock) async {
        self.keys = JWTKeyCollection()
        keyID = keys.current.id
        self.policy = policy
        self.clock = clock
        await self.keys.add(
            eddsa: EdDSA.PrivateKey(backing: keys.current.privateKey), kid: JWKIdentifier(string: keyID))
    }

    /// A token for a session of a user in one business.
    ///
    /// - Throws: What the signing library throws; with a valid key it doesn't.
    package func issue(
        user: UserID, session: SessionID, business: BusinessID, tokenID: UUID
    ) async throws -> AccessToken {
        let now = Timestamp(microseconds: clock.now().seconds * 1_000_000)
        let claims = AccessClaims(
            user: user, session: session, business: business, tokenID: tokenID, issuedAt: now,
            expires: now + policy.lifetime)
        let text = try await keys.sign(
            AccessTokenPayload(claims: claims, policy: policy), kid: JWKIdentifier(string: keyID),
            header: ["typ": .string(AccessTokenHeader.type), "alg": .string(AccessTokenHeader.algorithm)])
        return AccessToken(text: text, claims: claims)
    }
}
