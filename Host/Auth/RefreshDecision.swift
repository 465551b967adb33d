package import HostModel

/// What the database knows about a presented refresh token.
package struct RefreshTokenState: Hashable, Sendable {
    /// When this token was given out.
    package let issuedAt: Timestamp
    /// When the person signed in: the start of the session, shared by all its tokens.
    package let sessionStartedAt: Timestamp
    /// Whether the token was exchanged before.
    package let isSpent: Bool
    /// Whether the session was ended: sign-out, reuse, or by an administrator.
    package let isRevoked: Bool

    package init(issuedAt: Timestamp, sessionStartedAt: Timestamp, isSpent: Bool, isRevoked: Bool) {
        self.issuedAt = issuedAt
        self.sessionStartedAt = sessionStartedAt
        self.isSpent = isSpent
        self.isRevoked = isRevoked
    }
}

/// What to do with a presented refresh token (RFC 9700 section 4.14.2: rotation with reuse detection).
package enum RefreshDecision: Hashable, Sendable {
    /// Spend it and give out the next one of the session.
    case rotate
    /// Two parties hold it, and one is a thief: revoke the session and audit it.
    case reuseDetected
    /// The session or the token is too old.
    case expired
    /// No such token, or its session has ended.
    case unknown

    /// A session's life, however busy.
    package static let absoluteLifetime: Duration = .seconds(30 * 86_400)
    /// How long a token may lie unused.
    package static let idleLifetime: Duration = .seconds(14 * 86_400)

    /// - Parameter state: nil when no row has the token's digest.
    package static func decide(on state: RefreshTokenState?, at now: Timestamp) -> RefreshDecision {
        guard let state, !state.isRevoked else { return .unknown }
        guard now - state.sessionStartedAt < absoluteLifetime else { return .expired }
        // Before the idle limit: an old token is spent while its successors keep the session alive.
        guard !state.isSpent else { return .reuseDetected }
        guard now - state.issuedAt < idleLifetime else { return .expired }
        return .rotate
    }
}
