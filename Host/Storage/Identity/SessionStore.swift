package import HostAuth
package import HostModel
import HostPostgres

/// Sign-ins: opened, gone on with, ended. Each step leaves a row in the audit trail of its business.
package struct SessionStore: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source
    let clock: any WallClock
    let credentials: CredentialCache

    private static let entity = "platform.session"

    /// Who may sign in with an e-mail address; nil when nobody does.
    package func signInFacts(email: String) async throws(Problem) -> SignInFacts? {
        let rows = try await ask(SQLCommand(SessionStatements.signInFacts, [email.lowercased()]))
        guard rows.count == 1, let user = rows.text(0, 0).flatMap({ UserID($0) }),
            let hash = rows.text(0, 1).flatMap({ PasswordHash($0) })
        else { return nil }
        let businesses = rows.words(0, 2).compactMap { BusinessID($0) }
        return businesses.isEmpty ? nil : SignInFacts(user: user, passwordHash: hash, businesses: businesses)
    }

    /// Opens a session for a user whose password was checked.
    ///
    /// - Throws: `sign_in_failed` when the user doesn't belong to the business, or it is suspended.
    package func open(
        _ user: UserID, in business: BusinessID, request: RequestID?
    ) async throws(Problem) -> SessionGrant {
        let scope = TenantScope.entering(business, as: user, request: request)
        let opening = SessionOpening(
            session: SessionID(ids.next()), user: user, token: .make(), now: clock.now())
        try await lane.transaction(in: scope) { transaction in
            let member = try await transaction.execute(SQLCommand(SessionStatements.mayEnter, [user.description]))
            guard member.count == 1 else { throw Problem.signInFailed }
            _ = try await transaction.execute(opening.commands + [audit("create", opening.session, in: scope)])
        }
        return opening.grant(in: business)
    }

    /// Writes down a sign-in with a wrong password, in the first business of the user.
    package func recordRefusal(_ facts: SignInFacts, request: RequestID?) async throws(Problem) {
        guard let business = facts.businesses.first else { return }
        let scope = TenantScope.entering(business, as: facts.user, request: request)
        let row = AuditRow(action: "platform.session.refuse", entity: "platform.user", record: facts.user.uuid)
        _ = try await lane.write(row.insert(id: ids.next(), in: scope), in: scope)
    }

    /// Exchanges a refresh token for the next one of its session.
    ///
    /// A token that was exchanged before ends the whole session: one of its two holders is a thief.
    ///
    /// - Throws: `unauthenticated`.
    package func rotate(_ token: RefreshToken, request: RequestID?) async throws(Problem) -> SessionGrant {
        let digest = SessionStatements.bytea(token.digest)
        let rows = try await ask(SQLCommand(SessionStatements.refreshBusiness, [digest]))
        guard let business = rows.text(0, 0).flatMap({ BusinessID($0) }) else { throw .sessionEnded }
        let now = clock.now()
        // The user is known only when the row is read; until then the business acts on its own session.
        let asking = TenantScope.entering(business, as: UserID(business.uuid), request: request)
        let exchange = RefreshExchange(store: self, digest: digest, now: now)
        guard let outcome = try await lane.transaction(in: asking, { try await exchange.run(in: asking, $0) }) else {
            throw .sessionEnded
        }
        switch outcome {
        case .rotated(let grant): return grant
        case .revoked(let session):
            credentials.forget(session: session)
            throw .sessionEnded
        }
    }

    /// Ends a session at once, on every host. Doing it twice changes nothing.
    package func signOut(_ session: SessionID, in scope: TenantScope) async throws(Problem) {
        let now = clock.now()
        try await lane.transaction(in: scope) { transaction in
            try await revoke(session, reason: "sign_out", at: now, in: scope, transaction)
        }
        credentials.forget(session: session)
    }

    /// What stands behind a verified access token, now.
    ///
    /// - Throws: `unauthenticated` when the session has ended or the business is suspended.
    package func facts(of claims: AccessClaims, request: RequestID? = nil) async throws(Problem) -> SessionFacts {
        let scope = TenantScope.entering(claims.business, as: claims.user, request: request)
        let parameters = [
            claims.session.description, claims.user.description, String(clock.now().microseconds),
        ]
        let rows = try await lane.read(SQLCommand(SessionStatements.facts, parameters), in: scope)
        guard rows.count == 1, let facts = SessionFacts(rows, claims: claims) else { throw .sessionEnded }
        return facts
    }

    /// Ends an open session, tells every host, and writes it down.
    func revoke(
        _ session: SessionID, reason: String, at now: Timestamp, in scope: TenantScope,
        _ transaction: DatabaseTransaction
    ) async throws {
        let revoked = try await transaction.execute(
            SQLCommand(SessionStatements.revoke, [session.description, String(now.microseconds), reason]))
        guard revoked.count == 1 else { return }
        _ = try await transaction.execute([
            audit(reason, session, in: scope),
            SQLCommand(SessionStatements.notify, [Revocations.Message.session(session).description]),
        ])
    }

    func audit(_ verb: String, _ session: SessionID, in scope: TenantScope) -> SQLCommand {
        AuditRow(action: "\(Self.entity).\(verb)", entity: Self.entity, record: session.uuid)
            .insert(id: ids.next(), in: scope)
    }

    /// Asks one of the gate's questions, before a business is known.
    private func ask(_ command: SQLCommand) async throws(Problem) -> Rows {
        do {
            return try await lane.directory.home.run(DatabaseUnit([command], deadline: lane.deadline))[0]
        } catch {
            throw lane.refusals.problem(error, request: nil)
        }
    }
}

extension Problem {
    /// The same whatever is wrong, so that nobody learns which addresses exist.
    static let signInFailed = Problem(.signInFailed, "The e-mail address or the password is wrong.")
    static let sessionEnded = Problem(.unauthenticated, "The session has ended; sign in again.")
}
