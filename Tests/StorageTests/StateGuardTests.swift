import Foundation
import HostAuth
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// Statuses and their history against SQL that goes around the host, and through every other door.
struct StateGuardTests {
    /// A firm with a ticket, and the ticket's id.
    private func withTicket(
        _ test: (TestInstallation, SignedUp, EntityPlan, RecordID) async throws -> Void
    ) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let ticket = try installation.plan("flow", "ticket")
            var maker = RecordMaker(installation, firm)
            try await test(installation, firm, ticket, try await maker.record(ticket.reference))
        }
    }

    /// The SQLSTATE that the runtime role's statement ends in; nil when it was done.
    private func refusal(
        _ text: String, _ parameters: [String?], _ installation: TestInstallation, _ firm: SignedUp
    ) async -> String? {
        do {
            _ = try await installation.database.ask(text, parameters, business: firm.grant.business)
            return nil
        } catch {
            return error.sqlState
        }
    }

    @Test func `SQL that goes around the host changes a status along no undeclared way`() async throws {
        try await withTicket { installation, firm, _, id in
            for status in ["settled", "waiting", "dropped", "nonsense"] {
                let state = await refusal(
                    "UPDATE flow.ticket SET status = $2, version = version + 1 WHERE id = $1::uuid",
                    [id.description, status], installation, firm)
                #expect(state != nil, "\(status)")
            }
            let started = await refusal(
                """
                INSERT INTO flow.ticket (business_id, id, created_by, updated_by, title, status)
                VALUES (current_setting('thorbis.business_id')::uuid, $1::uuid, $1::uuid, $1::uuid, 'x', 'settled')
                """, [UUID().uuidString], installation, firm)
            #expect(started == SQLState.undeclaredTransition)
            let gone = await refusal(
                "DELETE FROM flow.ticket WHERE id = $1::uuid", [id.description], installation, firm)
            #expect(gone == "42501")
        }
    }

    @Test func `SQL that goes around the host leaves out neither history nor reason`() async throws {
        try await withTicket { installation, firm, _, id in
            let silent = await refusal(
                "UPDATE flow.ticket SET status = 'taken', version = version + 1 WHERE id = $1::uuid",
                [id.description], installation, firm)
            #expect(silent == SQLState.missingHistory)
            func dropping(_ reason: String, _ transition: String = "'drop'") -> String {
                """
                WITH h AS (INSERT INTO states.history (business_id, id, entity, record_id, version, from_status,
                    to_status, transition, reason, actor_kind, by)
                    VALUES (current_setting('thorbis.business_id')::uuid, gen_random_uuid(), 'flow.ticket', $1::uuid, 2,
                    'open', 'dropped', \(transition), \(reason), 'user', $1::uuid))
                UPDATE flow.ticket SET status = 'dropped', version = version + 1 WHERE id = $1::uuid
                """
            }
            for text in [dropping("NULL"), dropping("''"), dropping("'why'", "'take'")] {
                let state = await refusal(text, [id.description], installation, firm)
                #expect(state == SQLState.missingHistory, "\(text)")
            }
            let whole = await refusal(dropping("'why'"), [id.description], installation, firm)
            #expect(whole == nil)
        }
    }

    @Test(arguments: [TestDatabase.Role.app, .owner, .superuser])
    func `nobody changes the history`(_ role: TestDatabase.Role) async throws {
        try await withTicket { installation, firm, ticket, id in
            try await TestInstallation.withDatabase(installation.place, as: role) { database in
                for text in [
                    "UPDATE states.history SET reason = 'x'", "DELETE FROM states.history", "TRUNCATE states.history",
                ] {
                    await #expect(throws: DatabaseError.self, "\(text)") {
                        _ = try await database.ask(text, business: firm.grant.business)
                    }
                }
            }
            let history = try await installation.storage.records.history(
                ticket, id, limit: 10, cursor: nil, in: firm.scope, reach: .business)
            #expect(history.records.count == 1)
        }
    }

    @Test func `a history is there for whoever reaches the record`() async throws {
        try await withTicket { installation, firm, ticket, id in
            let other = try await installation.signUp("bob@example.com")
            let colleague = firm.colleague()
            let records = installation.storage.records
            let stranger = await problem {
                _ = try await records.history(
                    ticket, id, limit: 10, cursor: nil, in: other.scope, reach: .business)
            }
            let own = await problem {
                _ = try await records.history(ticket, id, limit: 10, cursor: nil, in: colleague, reach: .own)
            }
            #expect([stranger?.code, own?.code] == [.notFound, .notFound])
            let mine = try await records.history(ticket, id, limit: 10, cursor: nil, in: firm.scope, reach: .own)
            #expect(mine.records.count == 1)
        }
    }

    @Test func `every guard that doesn't hold is named at once, and a changed value counts`() async throws {
        try await withTicket { installation, firm, ticket, id in
            let records = installation.storage.records
            _ = try await records.transition(
                ticket, id, "take", version: 1, reason: nil, in: firm.scope, reach: .business)
            func settling(_ values: [String: JSONValue]) async throws -> StoredRecord {
                let terms = TransactionTerms(
                    principal: firm.principal, request: RequestID(UUID()), scope: .business, timeout: .seconds(10))
                return try await installation.storage.operations.run(terms) { transaction throws(Problem) in
                    try await transaction.transition(
                        ticket.reference, id, version: 2, "settle", values, reason: nil)
                }
            }
            let both = await problem { _ = try await settling([:]) }
            #expect(both?.code == .guardFailed)
            #expect(both?.faults.map(\.code) == ["answered", "worked"])
            #expect(both?.faults.map(\.path) == ["/answer", "/effort_minor"])
            let one = await problem { _ = try await settling(["answer": "Done.", "effort_minor": 0]) }
            #expect(one?.faults.map(\.code) == ["worked"])
            let still = try await records.read(ticket, id, in: firm.scope, reach: .business)
            #expect(still.version == 2 && still.standing?.status == "taken")
            let settled = try await settling(["answer": "Done.", "effort_minor": 100])
            #expect(settled.standing?.status == "settled")
        }
    }

    @Test func `a guard is judged on what the record is once its lock is free`() async throws {
        try await withTicket { installation, firm, ticket, id in
            let records = installation.storage.records
            _ = try await records.transition(
                ticket, id, "take", version: 1, reason: nil, in: firm.scope, reach: .business)
            _ = try await records.update(
                ticket, id, version: 2, ["answer": "Done.", "effort_minor": 100], in: firm.scope, reach: .business)
            let setting = SQLStatement(name: nil, text: "SELECT set_config('thorbis.business_id', $1, true)")
            let emptying = SQLStatement(
                name: nil,
                text: "UPDATE flow.ticket SET effort_minor = 0, version = version + 1 WHERE id = $1::uuid")
            let refused = try await installation.database.transaction(deadline: .seconds(10)) { transaction in
                _ = try await transaction.execute(SQLCommand(setting, [firm.grant.business.description]))
                _ = try await transaction.execute(SQLCommand(emptying, [id.description]))
                // Waits for the lock that this transaction holds, and sees what it leaves.
                let waiting = Task {
                    await problem {
                        _ = try await records.transition(
                            ticket, id, "settle", version: nil, reason: nil, in: firm.scope, reach: .business)
                    }
                }
                try await waitsForALock(transaction)
                return waiting
            }
            let outcome = await refused.value
            #expect(outcome?.code == .guardFailed)
            #expect(outcome?.faults.map(\.code) == ["worked"])
        }
    }

    /// Asks until somebody waits, at most five seconds.
    private func waitsForALock(_ transaction: DatabaseTransaction) async throws {
        // Within one transaction the answer would stay the same, and the lane is behind the one who waits.
        let again = SQLCommand(SQLStatement(name: nil, text: "SELECT pg_stat_clear_snapshot()"), [])
        let asking = SQLStatement(
            name: nil,
            text: """
                SELECT count(*)::text FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """)
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            if try await transaction.execute([again, SQLCommand(asking, [])])[1].text(0, 0) != "0" { return }
        }
        Issue.record("nobody waited for the lock")
    }

    @Test func `a cursor of another record's history is refused`() async throws {
        try await withTicket { installation, firm, ticket, id in
            let records = installation.storage.records
            _ = try await records.transition(
                ticket, id, "take", version: 1, reason: nil, in: firm.scope, reach: .business)
            let page = try await records.history(
                ticket, id, limit: 1, cursor: nil, in: firm.scope, reach: .business)
            let cursor = try #require(page.nextCursor)
            var maker = RecordMaker(installation, firm)
            let second = try await maker.record(ticket.reference)
            let refused = await problem {
                _ = try await records.history(
                    ticket, second, limit: 1, cursor: cursor, in: firm.scope, reach: .business)
            }
            #expect(refused?.code == .invalidCursor)
        }
    }
}

extension SignedUp {
    /// Another user of the same business.
    func colleague() -> TenantScope {
        TenantScope(
            Principal(
                business: grant.business, user: UserID(UUID()), session: grant.session, roles: [], permissions: .none,
                tier: .starter, expires: principal.expires), request: nil)
    }
}
