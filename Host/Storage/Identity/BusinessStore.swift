import HostAuth
package import HostModel
import HostPostgres

/// The businesses themselves.
package struct BusinessStore: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source
    let clock: any WallClock

    /// The role of a business's first user, whatever the plugins.
    private static let ownerRole = "owner"

    /// Makes a business, its first user with the role `owner`, and that user's first session, together or not at all.
    ///
    /// - Throws: `already_exists` when the e-mail address has an account; `validation_failed` for an unknown time zone
    ///   and for an address that is too long.
    package func signUp(_ new: NewBusiness, request: RequestID?) async throws(Problem) -> SessionGrant {
        let business = BusinessID(ids.next())
        let opening = SessionOpening(
            session: SessionID(ids.next()), user: UserID(ids.next()), token: .make(), now: clock.now())
        let scope = TenantScope.entering(business, as: opening.user, request: request)
        try await lane.transaction(in: scope) { transaction in
            try await checkTimeZone(new.timeZone, transaction)
            try await enrol(opening.user, new, transaction)
            _ = try await transaction.execute(
                [insert(new, business), join(opening.user)] + opening.commands + audit(new, opening, in: scope))
        }
        return opening.grant(in: business)
    }

    /// What a request may know of its business.
    package func facts(in scope: TenantScope) async throws(Problem) -> BusinessFacts {
        let rows = try await lane.read(SQLCommand(BusinessStatements.facts, []), in: scope)
        guard let facts = BusinessFacts(rows, of: scope.business) else { throw .notFound("business") }
        return facts
    }

    private func checkTimeZone(_ name: String, _ transaction: DatabaseTransaction) async throws {
        let known = try await transaction.execute(SQLCommand(BusinessStatements.timeZone, [name]))
        guard known.count == 1 else {
            throw Problem.invalid("/time_zone", "unknown_time_zone", "Name a time zone such as America/Chicago.")
        }
    }

    private func enrol(_ user: UserID, _ new: NewBusiness, _ transaction: DatabaseTransaction) async throws {
        let parameters = [user.description, new.email, new.ownerName, new.passwordHash.description]
        let rows: Rows
        do {
            rows = try await transaction.execute(SQLCommand(BusinessStatements.enrol, parameters))
        } catch  where error.constraint == "user_email_check" {
            throw Problem.invalid("/email", "format", "An e-mail address has at most 254 characters.")
        }
        guard rows.text(0, 0) == "true" else {
            throw Problem(
                .alreadyExists, "There is already an account with this e-mail address; sign in instead.",
                faults: [Problem.Fault(path: "/email", code: "already_exists", detail: "The address is taken.")])
        }
    }

    private func insert(_ new: NewBusiness, _ business: BusinessID) -> SQLCommand {
        SQLCommand(
            BusinessStatements.insert,
            [business.description, new.name, new.industry.description, new.currency, new.timeZone, new.country])
    }

    private func join(_ user: UserID) -> SQLCommand {
        SQLCommand(BusinessStatements.join, [user.description, Self.ownerRole])
    }

    private func audit(_ new: NewBusiness, _ opening: SessionOpening, in scope: TenantScope) -> [SQLCommand] {
        let industry = JSONObject(["industry": .object(["to": .string(new.industry.description)])])
        return [
            AuditRow(
                action: "platform.business.create", entity: "platform.business", record: scope.business.uuid,
                changes: industry),
            AuditRow(action: "platform.user.create", entity: "platform.user", record: opening.user.uuid),
            AuditRow(action: "platform.session.create", entity: "platform.session", record: opening.session.uuid),
        ].map { $0.insert(id: ids.next(), in: scope) }
    }
}
