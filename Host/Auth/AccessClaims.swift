package import Foundation
package import HostModel

/// What a verified access token says. It carries no rights: those come from the database.
package struct AccessClaims: Hashable, Sendable {
    package let user: UserID
    package let session: SessionID
    package let business: BusinessID
    /// Unique to the token.
    package let tokenID: UUID
    /// Whole seconds, as JWT has it.
    package let issuedAt: Timestamp
    package let expires: Timestamp

    package init(
        user: UserID, session: SessionID, business: BusinessID, tokenID: UUID, issuedAt: Timestamp, expires: Timestamp
    ) {
        self.user = user
        self.session = session
        self.business = business
        self.tokenID = tokenID
        self.issuedAt = issuedAt
        self.expires = expires
    }
}

/// A signed token and what it says.
package struct AccessToken: Sendable, CustomStringConvertible {
    /// What the client sends after `Bearer`. Never logged.
    package let text: String
    package let claims: AccessClaims

    package var description: String { "AccessToken(\(claims.tokenID))" }
}

/// Who makes the tokens and for whom; the same for issuer and verifier.
package struct AccessTokenPolicy: Hashable, Sendable {
    /// `iss`: the public URL of this installation, such as `https://api.example.com`.
    package let issuer: String
    /// `aud`: the API that the tokens are for.
    package let audience: String
    /// From issue to expiry; 15 minutes at most (draft-ietf-oauth-rfc8725bis, ASVS V9.2).
    package let lifetime: Duration

    package static let lifetimeMax: Duration = .seconds(900)

    package init(issuer: String, audience: String, lifetime: Duration = lifetimeMax) {
        precondition(lifetime > .zero && lifetime <= Self.lifetimeMax)
        self.issuer = issuer
        self.audience = audience
        self.lifetime = lifetime
    }
}
