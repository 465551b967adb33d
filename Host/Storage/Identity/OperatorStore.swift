package import HostModel
package import HostPostgres

/// What the operator alone may do to a business; uses the owner's connection, never the running host's.
package struct OperatorStore: Sendable {
    let database: Database
    let ids: UUIDv7Source
    let refusals: Refusals

    private static let deadline: Duration = .seconds(10)

    /// - Parameter database: Connected as a role that may act as `thorbis_owner`.
    package init(database: Database, clock: any WallClock, observer: any Observer) {
        self.database = database
        ids = UUIDv7Source(clock: clock)
        refusals = Refusals(observer: observer)
    }

    /// Gives a business another tier; every host forgets its credentials, which carry the tier.
    ///
    /// - Throws: `not_found`.
    package func setTier(_ tier: Tier, of business: BusinessID) async throws(Problem) {
        let scope = TenantScope.operating(business)
        let row = AuditRow(
            action: "platform.business.set_tier", entity: "platform.business", record: business.uuid,
            changes: JSONObject(["tier": .object(["to": .string(tier.rawValue)])]))
        do {
            try await database.transaction(deadline: Self.deadline) { transaction in
                _ = try await transaction.execute([PlatformRoles.actAsOwner, TenantSetting.writing(scope)])
                let parameters = [business.description, tier.rawValue]
                let changed = try await transaction.execute(SQLCommand(BusinessStatements.setTier, parameters))
                guard changed.count == 1 else { throw Problem.notFound("business") }
                let message = Revocations.Message.business(business).description
                _ = try await transaction.execute([
                    row.insert(id: ids.next(), in: scope), SQLCommand(SessionStatements.notify, [message]),
                ])
            }
        } catch {
            throw refusals.problem(any: error, request: nil)
        }
    }

    /// Runs one statement as the owner of the tables.
    func asOwner(_ command: SQLCommand) async throws(Problem) -> Rows {
        try await alone([PlatformRoles.actAsOwner, command])
    }

    /// Runs one statement as whoever is logged in.
    func asAdministrator(_ command: SQLCommand) async throws(Problem) -> Rows {
        try await alone([command])
    }

    private func alone(_ commands: [SQLCommand]) async throws(Problem) -> Rows {
        do {
            return try await database.transaction(deadline: Self.deadline) { transaction in
                try await transaction.execute(commands)[commands.count - 1]
            }
        } catch {
            throw refusals.problem(any: error, request: nil)
        }
    }
}
