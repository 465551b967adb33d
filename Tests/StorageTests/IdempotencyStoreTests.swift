import Foundation
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

struct IdempotencyStoreTests {
    private static func refused(_ problem: Problem) -> KeptAnswer {
        KeptAnswer(
            status: 409, isProblem: true, entityTag: nil, location: nil, body: Array(problem.code.description.utf8))
    }

    private static func claim(
        _ key: String = "k", body: String = "b", target: String = "", roles: [String] = ["owner"]
    ) -> IdempotencyClaim {
        IdempotencyClaim(
            key: key, route: "POST /things", target: target, request: [Array(body.utf8)], roles: roles)
    }

    /// Makes a party under the claim.
    private func make(
        _ claim: IdempotencyClaim, _ installation: TestInstallation, _ firm: SignedUp, name: String = "Bob"
    ) async throws -> IdempotencyStore.Outcome {
        let party = try installation.plan("core", "party")
        let storage = installation.storage
        return try await storage.idempotency.perform(claim, in: firm.scope, deadline: .seconds(5)) {
            scope throws(Problem) in
            let made = try await storage.records.create(party, ["display_name": .string(name)], in: scope)
            return KeptAnswer(status: 201, entityTag: "\"1\"", location: "/x", body: made.json.bytes)
        } refused: {
            Self.refused($0)
        }
    }

    @Test func `a request that comes again is answered alike and done once`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let before = try await installation.actions(of: firm).count
            guard case .first(let first) = try await make(Self.claim(), installation, firm),
                case .repeated(let again) = try await make(Self.claim(), installation, firm)
            else { throw Unexpected() }
            #expect(first == again)
            #expect(first.body?.isEmpty == false)
            #expect(try await installation.actions(of: firm).count == before + 1, "one audit entry")
        }
    }

    @Test func `a key is good for one request, one person's rights, one path and one business`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            _ = try await make(Self.claim(), installation, ann)
            let other = await problem { _ = try await make(Self.claim(body: "c"), installation, ann) }
            #expect(other?.code == .idempotencyKeyReused)
            let rights = await problem { _ = try await make(Self.claim(roles: ["viewer"]), installation, ann) }
            #expect(rights?.code == .idempotencyAnswerWithheld)
            #expect(rights?.members == ["answered": 201])
            guard case .first = try await make(Self.claim(target: "1"), installation, ann),
                case .first = try await make(Self.claim(), installation, bob)
            else { throw Unexpected() }
        }
    }

    @Test func `a refusal after it began is kept, and nothing of the work is`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let storage = installation.storage
            func refuse() async throws -> IdempotencyStore.Outcome {
                try await storage.idempotency.perform(Self.claim(), in: firm.scope, deadline: .seconds(5)) {
                    scope throws(Problem) in
                    _ = try await storage.records.create(party, ["display_name": "Bob"], in: scope)
                    throw Problem(.conflict, "No.")
                } refused: {
                    Self.refused($0)
                }
            }
            guard case .first(let first) = try await refuse(), case .repeated(let again) = try await refuse() else {
                throw Unexpected()
            }
            #expect(first == again)
            #expect(first.body == Array("conflict".utf8))
            #expect(
                try await storage.records.list(party, ListQuery(), in: firm.scope, reach: .business).records.isEmpty)
        }
    }

    @Test func `an error of the database is a kept refusal too`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let item = try installation.plan("core", "item")
            let storage = installation.storage
            let values: [String: JSONValue] = ["name": "Pipe", "sku": "P1", "unit_price_minor": 100]
            _ = try await storage.records.create(item, values, in: firm.scope)
            for round in 0..<2 {
                let outcome = try await storage.idempotency.perform(
                    Self.claim(), in: firm.scope, deadline: .seconds(5)
                ) { scope throws(Problem) in
                    _ = try await storage.records.create(item, values, in: scope)
                    throw Problem(.internalError, "Not refused.")
                } refused: {
                    Self.refused($0)
                }
                switch outcome {
                case .first(let answer):
                    #expect(round == 0)
                    #expect(answer.body == Array("already_exists".utf8))
                case .repeated: #expect(round == 1)
                }
            }
        }
    }

    @Test func `what was refused before it began, or may work later, is not kept`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let storage = installation.storage
            let before = await problem {
                _ = try await storage.idempotency.perform(Self.claim(), in: firm.scope, deadline: .seconds(5)) {
                    _ throws(Problem) in
                    throw .invalid("/x", "required", "A value is required.")
                } refused: {
                    Self.refused($0)
                }
            }
            #expect(before?.code == .validationFailed)
            let busy = await problem {
                _ = try await storage.idempotency.perform(Self.claim(), in: firm.scope, deadline: .seconds(5)) {
                    scope throws(Problem) in
                    _ = try await storage.records.create(party, ["display_name": "Bob"], in: scope)
                    throw .unavailable()
                } refused: {
                    Self.refused($0)
                }
            }
            #expect(busy?.code == .unavailable)
            guard case .first = try await make(Self.claim(), installation, firm) else { throw Unexpected() }
            let parties = try await storage.records.list(party, ListQuery(), in: firm.scope, reach: .business)
            #expect(parties.records.count == 1)
        }
    }

    @Test func `while the first runs the second is told so and doesn't wait`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let storage = installation.storage
            let outcome = try await storage.idempotency.perform(Self.claim(), in: firm.scope, deadline: .seconds(5)) {
                _ throws(Problem) in
                let second = await problem { _ = try await make(Self.claim(), installation, firm) }
                return KeptAnswer(
                    status: 200, entityTag: nil, location: nil, body: Array("\(second?.code.description ?? "")".utf8))
            } refused: {
                Self.refused($0)
            }
            guard case .first(let answer) = outcome else { throw Unexpected() }
            #expect(answer.body == Array("idempotency_in_flight".utf8))
        }
    }

    @Test func `work whose transaction is lost is undone, and the refusal kept by itself`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let storage = installation.storage
            func lose() async throws -> IdempotencyStore.Outcome {
                try await storage.idempotency.perform(Self.claim(), in: firm.scope, deadline: .seconds(30)) {
                    scope throws(Problem) in
                    _ = try await storage.records.create(party, ["display_name": "Bob"], in: scope)
                    await installation.endOpenTransactions()
                    throw Problem(.deadlineExceeded, "It took too long.")
                } refused: {
                    Self.refused($0)
                }
            }
            guard case .first(let first) = try await lose(), case .repeated(let again) = try await lose() else {
                throw Unexpected()
            }
            #expect(first == again)
            #expect(first.body == Array("deadline_exceeded".utf8))
            let parties = try await storage.records.list(party, ListQuery(), in: firm.scope, reach: .business)
            #expect(parties.records.isEmpty)
        }
    }

    @Test func `expired answers are forgotten, and taken away by later ones`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            for number in 0..<15 { _ = try await make(Self.claim("k\(number)"), installation, firm) }
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                _ = try await database.ask("UPDATE idempotency.answer SET expires_at = now() - interval '1 second'")
                guard case .first = try await make(Self.claim("k0"), installation, firm) else { throw Unexpected() }
                let left = try await database.ask("SELECT count(*)::text FROM idempotency.answer")
                #expect(left.texts == ["5"], "one new answer takes ten away")
            }
        }
    }

    @Test func `what is kept can't be read in the database, nor moved to another row`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            _ = try await make(Self.claim("k1"), installation, firm, name: "Findable")
            _ = try await make(Self.claim("k2"), installation, firm, name: "Other")
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                let clear = try await database.ask(
                    "SELECT 1 FROM idempotency.answer WHERE position('Findable'::bytea IN answer) > 0")
                #expect(clear.count == 0)
                _ = try await database.ask(
                    "UPDATE idempotency.answer SET answer = (SELECT answer FROM idempotency.answer LIMIT 1)")
            }
            var withheld = 0
            for key in ["k1", "k2"] {
                let refused = await problem { _ = try await make(Self.claim(key), installation, firm) }
                if refused?.code == .idempotencyAnswerWithheld { withheld += 1 }
            }
            #expect(withheld == 1)
        }
    }

    @Test func `an answer that is too large is not kept, but the request is done once`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let storage = installation.storage
            let large = Array(repeating: UInt8(ascii: "x"), count: KeptAnswer.bodyBytesMax + 1)
            func make() async throws -> IdempotencyStore.Outcome {
                try await storage.idempotency.perform(Self.claim(), in: firm.scope, deadline: .seconds(5)) {
                    scope throws(Problem) in
                    _ = try await storage.records.create(party, ["display_name": "Bob"], in: scope)
                    return KeptAnswer(status: 201, entityTag: nil, location: nil, body: large)
                } refused: {
                    Self.refused($0)
                }
            }
            _ = try await make()
            let again = await problem { _ = try await make() }
            #expect(again?.code == .idempotencyAnswerWithheld)
            let parties = try await storage.records.list(party, ListQuery(), in: firm.scope, reach: .business)
            #expect(parties.records.count == 1)
        }
    }

    private struct Unexpected: Error {}
}

extension TestInstallation {
    /// Ends every connection that is in a transaction, as a crash of its server process does.
    func endOpenTransactions() async {
        do {
            try await Self.withDatabase(place, as: .superuser) { database in
                _ = try await database.ask(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'idle in transaction'
                    """)
            }
        } catch {
            Issue.record("the connections couldn't be ended: \(error)")
        }
    }
}
