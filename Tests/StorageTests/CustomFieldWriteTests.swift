import Foundation
import HostManifest
import HostModel
import HostSQL
import HostStorage
import Testing

/// The ways to a record's `custom` beside a plain create: none goes around its fields.
struct CustomFieldWriteTests {
    private func withTicket(
        _ test: (TestInstallation, SignedUp, EntityPlan) async throws -> Void
    ) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let plan = try installation.plan("flow", "ticket")
            try await installation.addField("colour", .word, options: ["red", "blue"], to: plan, firm)
            try await installation.addField("blocks", .reference, target: plan.reference, to: plan, firm)
            try await test(installation, firm, plan)
        }
    }

    private func paths(_ problem: Problem?) -> [String] { problem?.faults.map { "\($0.path) \($0.code)" } ?? [] }

    private func custom(_ record: StoredRecord) throws -> JSONValue? {
        try JSONParser.parse(record.json.bytes)["custom"]
    }

    @Test func `steps of one transaction are held to the fields, and one refusal undoes all`() async throws {
        try await withTicket { installation, firm, plan in
            let records = installation.storage.records
            let colours: [JSONValue] = ["red", "green"]
            let refused = await problem {
                _ = try await records.together(
                    2, in: firm.scope, deadline: .seconds(5), isPartial: false
                ) { number, scope throws(Problem) in
                    try await records.create(plan, ["title": "A", "custom": ["colour": colours[number]]], in: scope)
                }
            }
            #expect(paths(refused) == ["/custom/colour enum"])
            let answers = try await records.together(
                2, in: firm.scope, deadline: .seconds(5), isPartial: true
            ) { number, scope throws(Problem) in
                try await records.create(plan, ["title": "A", "custom": ["colour": colours[number]]], in: scope)
            }
            #expect(answers.map { (try? $0.get()) != nil } == [true, false])
            let count = try await installation.database.ask(
                "SELECT count(*)::text FROM flow.ticket", business: firm.grant.business)
            #expect(count.texts == ["1"])
        }
    }

    @Test func `a foreign record is refused in the middle of a partial batch, and the others stay`() async throws {
        try await withTicket { installation, firm, plan in
            let other = try await installation.signUp("bob@example.com")
            var mine = RecordMaker(installation, firm)
            var theirs = RecordMaker(installation, other)
            let ids = try await [
                mine.record(plan.reference), theirs.record(plan.reference), mine.record(plan.reference),
            ]
            let records = installation.storage.records
            let answers = try await records.together(
                3, in: firm.scope, deadline: .seconds(5), isPartial: true
            ) { number, scope throws(Problem) in
                try await records.create(
                    plan, ["title": "A", "custom": ["blocks": .string(ids[number].description)]], in: scope)
            }
            let faults = answers.map { answer -> [String] in
                if case .failure(let problem) = answer { paths(problem) } else { [] }
            }
            #expect(faults == [[], ["/custom/blocks unknown_reference"], []])
        }
    }

    @Test func `an upsert merges what it sends into the record that is there`() async throws {
        try await withTicket { installation, firm, plan in
            func upsert(_ custom: JSONValue) async throws -> JSONValue? {
                let id = RecordID(UUID())
                let new: [String: JSONValue] = [
                    "id": .string(id.description), "title": "A", "external_id": "x-1", "custom": custom,
                ]
                let (record, _, _) = try await installation.storage.records.upsert(
                    plan, external: "x-1", new: new, changes: ["custom": custom], version: nil, in: firm.scope,
                    reach: .business, id: id)
                return try self.custom(record)
            }
            #expect(try await upsert(["colour": "red"]) == ["colour": "red"])
            let one = try await RecordMaker.one(of: plan.reference, installation, firm)
            let both: JSONValue = ["colour": "red", "blocks": .string(one.description)]
            #expect(try await upsert(["blocks": .string(one.description)]) == both)
            #expect(try await upsert(["colour": nil]) == ["blocks": .string(one.description)])
            #expect(paths(await problem { _ = try await upsert(["colour": "green"]) }) == ["/custom/colour enum"])
            #expect(paths(await problem { _ = try await upsert(["size": 1]) }) == ["/custom/size unknown_field"])
        }
    }

    @Test func `an operation's values are held to the fields, but it needn't know of required ones`() async throws {
        try await withTicket { installation, firm, plan in
            try await installation.addField("floor", .int, required: true, to: plan, firm)
            let other = try await installation.signUp("bob@example.com")
            let foreign = try await RecordMaker.one(of: plan.reference, installation, other)
            func create(_ custom: JSONValue) async throws -> JSONValue? {
                let record = try await installation.operate(firm) { store throws(Problem) in
                    try await store.create(plan.reference, ["title": "A", "custom": custom])
                }
                return try self.custom(record)
            }
            #expect(try await create(["colour": "red"]) == ["colour": "red"])
            #expect(paths(await problem { _ = try await create(["colour": 1]) }) == ["/custom/colour type"])
            #expect(paths(await problem { _ = try await create(["size": 1]) }) == ["/custom/size unknown_field"])
            let stolen = await problem { _ = try await create(["blocks": .string(foreign.description)]) }
            #expect(paths(stolen) == ["/custom/blocks unknown_reference"])
            let change = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    let made = try await store.create(plan.reference, ["title": "A"])
                    guard let id = made.madeID else { throw .notFound("ticket") }
                    _ = try await store.update(plan.reference, id, version: 1, ["custom": ["floor": nil]])
                }
            }
            #expect(paths(change) == ["/custom/floor required"])
        }
    }
}
