import Foundation
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// When writes are counted on the board: before anybody is told how they ended, whichever way they go.
struct CountedWritesTests {
    private struct Unexpected: Error {}

    private struct Desk {
        let installation: TestInstallation
        let firm: SignedUp
        let party: EntityPlan

        func number(_ entity: String = "core.party") -> UInt64? {
            installation.board.number(of: [EntityMark(entity)], in: firm.scope.business)
        }

        /// Whether the body counted a write of parties.
        func counts(_ body: () async throws -> Void) async throws -> Bool {
            let before = number()
            try await body()
            return number() != before
        }

        func make(_ scope: TenantScope? = nil, id: RecordID? = nil) async throws(Problem) -> StoredRecord {
            var values: [String: JSONValue] = ["display_name": "Ada"]
            if let id { values["id"] = .string(id.description) }
            return try await installation.storage.records.create(party, values, in: scope ?? firm.scope)
        }
    }

    private func desk(_ body: (Desk) async throws -> Void) async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            try await body(Desk(installation: installation, firm: firm, party: try installation.plan("core", "party")))
        }
    }

    @Test func `units, batches and operations count their writes, and reads nothing`() async throws {
        try await desk { desk in
            let records = desk.installation.storage.records
            let id = RecordID(UUID())
            let unit = try await desk.counts { _ = try await desk.make(id: id) }
            let batch = try await desk.counts {
                _ = try await records.together(1, in: desk.firm.scope, deadline: .seconds(5), isPartial: true) {
                    _, scope throws(Problem) in try await desk.make(scope)
                }
            }
            let operation = try await desk.counts {
                try await desk.installation.operate(desk.firm) { store throws(Problem) in
                    _ = try await store.create(desk.party.reference, ["display_name": "Eve"])
                }
            }
            let reads = try await desk.counts {
                _ = try await records.read(desk.party, id, in: desk.firm.scope, reach: .business)
                _ = try await records.list(desk.party, ListQuery(), in: desk.firm.scope, reach: .business)
                try await desk.installation.operate(desk.firm) { store throws(Problem) in
                    _ = try await store.find(desk.party.reference, matching: [:], limit: 10)
                    _ = try await store.read(desk.party.reference, id, locked: true)
                }
                try await desk.installation.operate(desk.firm, isReadOnly: true) { store throws(Problem) in
                    _ = try await store.find(desk.party.reference, matching: [:], limit: 10)
                }
            }
            #expect([unit, batch, operation, reads] == [true, true, true, false])
        }
    }

    @Test func `a write that is refused or undone is counted: it may tell of one that nobody heard of`() async throws {
        try await desk { desk in
            let id = RecordID(UUID())
            _ = try await desk.make(id: id)
            var problems: [Problem.Code?] = []
            let refused = try await desk.counts {
                problems.append(await problem { _ = try await desk.make(id: id) }?.code)
            }
            let undone = try await desk.counts {
                let thrown = await problem {
                    try await desk.installation.operate(desk.firm) { store throws(Problem) in
                        _ = try await store.create(desk.party.reference, ["display_name": "Eve"])
                        throw Problem(.conflict, "No.")
                    }
                }
                problems.append(thrown?.code)
            }
            #expect([refused, undone] == [true, true])
            #expect(problems == [.alreadyExists, .conflict])
        }
    }

    @Test func `only what was written is counted, but an answer that is repeated counts everything`() async throws {
        try await desk { desk in
            let storage = desk.installation.storage
            let claim = IdempotencyClaim(key: "k", route: "POST /x", target: "", request: [[1]], roles: ["owner"])
            let perform = {
                try await storage.idempotency.perform(claim, in: desk.firm.scope, deadline: .seconds(5)) {
                    scope throws(Problem) in
                    _ = try await desk.make(scope)
                    return KeptAnswer(status: 201, entityTag: nil, location: nil, body: [])
                } refused: { _ in
                    KeptAnswer(status: 409, isProblem: true, entityTag: nil, location: nil, body: [])
                }
            }
            let (parties, orders) = (desk.number(), desk.number("hs.work_order"))
            guard case .first = try await perform() else { throw Unexpected() }
            #expect(desk.number() != parties)
            #expect(desk.number("hs.work_order") == orders)
            guard case .repeated = try await perform() else { throw Unexpected() }
            #expect(desk.number("hs.work_order") != orders)
        }
    }

    @Test func `what isn't about records counts as everything`() async throws {
        try await desk { desk in
            let firm = desk.firm
            let signedOut = try await desk.counts {
                try await desk.installation.storage.sessions.signOut(firm.grant.session, in: firm.scope)
            }
            #expect(signedOut)
        }
    }
}
