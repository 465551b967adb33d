import HostAuth
import HostModel
import HostPostgres

/// The steps of exchanging a refresh token, inside one transaction.
struct RefreshExchange {
    /// How it ended; nil in its place when the token is worth nothing and nothing was changed.
    enum Outcome: Sendable {
        case rotated(SessionGrant)
        /// The token was used twice: the session is ended, and that must be committed.
        case revoked(SessionID)
    }

    let store: SessionStore
    /// In PostgreSQL's text form.
    let digest: String
    let now: Timestamp

    func run(in asking: TenantScope, _ transaction: DatabaseTransaction) async throws -> Outcome? {
        let rows = try await transaction.execute(SQLCommand(SessionStatements.lockToken, [digest]))
        guard let held = HeldToken(rows) else { return nil }
        let scope = TenantScope.entering(asking.business, as: held.user, request: asking.request)
        switch RefreshDecision.decide(on: held.state, at: now) {
        case .rotate: return try await rotate(held, in: scope, transaction)
        case .reuseDetected:
            try await store.revoke(held.session, reason: "reuse_detected", at: now, in: scope, transaction)
            return .revoked(held.session)
        case .expired, .unknown: return nil
        }
    }

    private func rotate(
        _ held: HeldToken, in scope: TenantScope, _ transaction: DatabaseTransaction
    ) async throws -> Outcome? {
        let member = try await transaction.execute(SQLCommand(SessionStatements.mayEnter, [held.user.description]))
        guard member.count == 1 else { return nil }
        let next = RefreshToken.make()
        _ = try await transaction.execute([
            SQLCommand(SessionStatements.spendToken, [digest, String(now.microseconds)]),
            SessionOpening.store(next, of: held.session, now: now, sessionEnds: held.sessionEnds),
            store.audit("refresh", held.session, in: scope),
        ])
        return .rotated(
            SessionGrant(
                business: scope.business, user: held.user, session: held.session, refreshToken: next,
                expires: held.sessionEnds))
    }
}

/// A stored refresh token with its session, both locked.
private struct HeldToken {
    let session: SessionID
    let user: UserID
    let state: RefreshTokenState
    let sessionEnds: Timestamp

    /// Reads the row of `SessionStatements.lockToken`; nil without one.
    init?(_ rows: Rows) {
        guard rows.count == 1, let session = rows.text(0, 0).flatMap({ SessionID($0) }),
            let user = rows.text(0, 1).flatMap({ UserID($0) }), let issued = rows.integer(0, 2),
            let started = rows.integer(0, 3), let ends = rows.integer(0, 6)
        else { return nil }
        self.session = session
        self.user = user
        state = RefreshTokenState(
            issuedAt: Timestamp(microseconds: issued), sessionStartedAt: Timestamp(microseconds: started),
            isSpent: rows.text(0, 4) == "true", isRevoked: rows.text(0, 5) == "true")
        sessionEnds = Timestamp(microseconds: ends)
    }
}
