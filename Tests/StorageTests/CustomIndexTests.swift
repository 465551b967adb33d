import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import Testing

/// Custom fields by which records are found, and those whose values are unique.
struct CustomIndexTests {
    private struct Desk {
        let installation: TestInstallation
        let firm: SignedUp
        let plan: EntityPlan

        func create(_ custom: JSONValue) async throws -> RecordID {
            let made = try await installation.storage.records.create(
                plan, ["title": "A", "custom": custom], in: firm.scope)
            return try #require(made.madeID)
        }

        func update(_ id: RecordID, version: Int64, _ custom: JSONValue) async throws {
            _ = try await installation.storage.records.update(
                plan, id, version: version, ["custom": custom], in: firm.scope, reach: .business)
        }

        func query(_ filter: String) async throws -> ListQuery {
            let parameters = [(name: "filter[custom.serial]", value: filter)]
            let fields = try await installation.storage.records.customFields(
                of: plan, for: parameters, in: firm.scope)
            return try ListQuery.parse(parameters, for: plan, custom: fields)
        }

        func count(_ filter: String) async throws -> Int {
            try await installation.storage.records.list(
                plan, query(filter), in: firm.scope, reach: .business
            ).records.count
        }

        func ask(_ text: String) async throws -> [String] {
            try await installation.database.ask(text, business: firm.grant.business).texts
        }
    }

    private func withDesk(_ test: (Desk) async throws -> Void) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            try await test(Desk(installation: installation, firm: firm, plan: try installation.plan("flow", "ticket")))
        }
    }

    private static let taken = ["/custom/serial already_exists"]

    private func paths(_ problem: Problem?) -> [String] { problem?.faults.map { "\($0.path) \($0.code)" } ?? [] }

    @Test func `records from before and of meanwhile are found by the index, below row-level security`() async throws {
        try await withDesk { desk in
            let field = try await desk.installation.addField("serial", .text, to: desk.plan, desk.firm)
            let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
            #expect(field["index_state"] == .null)
            let first = try await desk.create(["serial": "s-1"])
            let fields = desk.installation.storage.customFields
            let changed = try await fields.change(id, version: 1, ["indexed": true], in: desk.firm.scope)
            #expect(try JSONParser.parse(changed.json.bytes)["index_state"] == "building")
            _ = try await desk.create(["serial": "s-1"])
            #expect(try await desk.count("s-1") == 2)
            #expect(try await desk.installation.buildIndexes(desk.firm) == ["flow.ticket serial ready"])
            #expect(try await desk.count("s-1") == 2)
            #expect(try await desk.ask("SELECT value FROM custom.value") == ["s-1", "s-1"])
            try await desk.update(first, version: 1, ["serial": "s-2"])
            #expect(try await [desk.count("s-1"), desk.count("s-2"), desk.count("prefix:s-")] == [1, 1, 2])
            try await desk.update(first, version: 2, ["serial": nil])
            #expect(try await desk.count("prefix:s-") == 1)
            #expect(try await desk.installation.buildIndexes(desk.firm) == [])
            let again = try await desk.installation.buildIndexes(desk.firm, isRebuilding: true)
            #expect(again == ["flow.ticket serial ready"])
            let command = desk.plan.list(try await desk.query("s-1"), for: .business)
            let explained = try await desk.installation.database.run(
                DatabaseUnit(
                    [
                        SQLCommand(
                            SQLStatement(
                                name: nil,
                                text: "SELECT set_config('thorbis.business_id', $1, true), "
                                    + "set_config('enable_seqscan', 'off', true)"),
                            [desk.firm.grant.business.description]),
                        SQLCommand(
                            SQLStatement(name: nil, text: "EXPLAIN " + command.statement.text), command.parameters),
                    ], deadline: .seconds(10)))[1].texts.joined(separator: "\n")
            #expect(explained.contains("value_search") && explained.contains("value = "), "\(explained)")
        }
    }

    private func operated(_ desk: Desk, _ serial: JSONValue) async -> Problem? {
        let reference = desk.plan.reference
        return await problem {
            try await desk.installation.operate(desk.firm) { store throws(Problem) in
                _ = try await store.create(reference, ["title": "A", "custom": ["serial": serial]])
            }
        }
    }

    /// Which of the steps were done.
    private func batch(_ desk: Desk, _ serials: [JSONValue]) async throws -> [Bool] {
        let (records, plan) = (desk.installation.storage.records, desk.plan)
        let answers = try await records.together(
            serials.count, in: desk.firm.scope, deadline: .seconds(5), isPartial: true
        ) { number, scope throws(Problem) in
            try await records.create(plan, ["title": "A", "custom": ["serial": serials[number]]], in: scope)
        }
        return answers.map { (try? $0.get()) != nil }
    }

    private func refusedCreate(_ desk: Desk, _ serial: JSONValue) async -> [String] {
        paths(await problem { _ = try await desk.create(["serial": serial]) })
    }

    private func refusedChange(_ desk: Desk, _ id: RecordID, version: Int64, _ serial: JSONValue) async -> Problem? {
        await problem { try await desk.update(id, version: version, ["serial": serial]) }
    }

    @Test func `a unique value is had by one record, however it comes`() async throws {
        try await withDesk { desk in
            try await desk.installation.addField("serial", .text, unique: true, to: desk.plan, desk.firm)
            _ = try await desk.create(["serial": "s-1"])
            let second = try await desk.create(["serial": "s-2"])
            #expect(await refusedCreate(desk, "s-1") == Self.taken)
            let change = await refusedChange(desk, second, version: 1, "s-1")
            #expect(change?.code == .alreadyExists)
            #expect(paths(change) == Self.taken)
            #expect(paths(await operated(desk, "s-1")) == Self.taken)
            #expect(try await batch(desk, ["s-3", "s-3", "s-4"]) == [true, false, true])
        }
    }

    @Test func `a record may keep its unique value, and one that is given back is free`() async throws {
        try await withDesk { desk in
            try await desk.installation.addField("serial", .text, unique: true, to: desk.plan, desk.firm)
            let first = try await desk.create(["serial": "s-1"])
            try await desk.update(first, version: 1, ["serial": "s-1"])
            try await desk.update(first, version: 2, ["serial": "s-9"])
            _ = try await desk.create(["serial": "s-1"])
            let other = try await desk.installation.signUp("bob@example.com")
            try await desk.installation.addField("serial", .text, unique: true, to: desk.plan, other)
            _ = try await Desk(installation: desk.installation, firm: other, plan: desk.plan).create(["serial": "s-1"])
        }
    }

    @Test func `of many at once with one unique value one is stored`() async throws {
        try await withDesk { desk in
            try await desk.installation.addField("serial", .int, unique: true, to: desk.plan, desk.firm)
            let made = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { (try? await desk.create(["serial": 7])) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
            #expect(try await desk.ask("SELECT count(*)::text FROM flow.ticket") == ["1"])
        }
    }

    @Test func `a value that is there twice fails its own field only, until it is there once`() async throws {
        try await withDesk { desk in
            let first = try await desk.create([:])
            let second = try await desk.create([:])
            _ = try await desk.ask(
                #"UPDATE flow.ticket SET version = version + 1, custom = '{"serial":"s-1","floor":1}'"#)
            try await desk.installation.addField("serial", .text, unique: true, to: desk.plan, desk.firm)
            try await desk.installation.addField("floor", .int, indexed: true, to: desk.plan, desk.firm)
            #expect(
                try await desk.installation.buildIndexes(desk.firm)
                    == [
                        "flow.ticket serial failed", "flow.ticket floor ready",
                    ].sorted())
            #expect(try await desk.count("s-1") == 2)
            try await desk.update(second, version: 2, ["serial": "s-2"])
            #expect(try await desk.installation.buildIndexes(desk.firm) == ["flow.ticket serial ready"])
            #expect(try await desk.count("s-1") == 1)
            #expect(paths(await refusedChange(desk, first, version: 2, "s-2")) == Self.taken)
        }
    }

    @Test func `a field's index is given up with it, and bounded by the tier`() async throws {
        try await withDesk { desk in
            let fields = desk.installation.storage.customFields
            let field = try await desk.installation.addField("serial", .text, indexed: true, to: desk.plan, desk.firm)
            let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
            let other = try await desk.installation.addField("floor", .int, to: desk.plan, desk.firm)
            let otherID = try #require(other["id"]?.string.flatMap { RecordID($0) })
            let full = await problem {
                _ = try await fields.change(otherID, version: 1, ["indexed": true], indexesMax: 1, in: desk.firm.scope)
            }
            #expect(full?.code == .conflict && full?.members["limit"] == 1)
            _ = try await desk.create(["serial": "s-1"])
            try await desk.installation.buildIndexes(desk.firm)
            _ = try await fields.change(id, version: 1, ["indexed": false], in: desk.firm.scope)
            #expect(try await desk.count("s-1") == 1)
            // Kept for hosts that may still ask it.
            try await desk.installation.buildIndexes(desk.firm)
            #expect(try await desk.ask("SELECT count(*)::text FROM custom.value") == ["1"])
            _ = try await desk.ask("UPDATE custom.field SET updated_at = now() - interval '2 minutes'")
            try await desk.installation.buildIndexes(desk.firm)
            #expect(try await desk.ask("SELECT count(*)::text FROM custom.value") == ["0"])
            let tags = try await desk.installation.addField(
                "tags", .words, options: ["x"], to: desk.plan, desk.firm)
            let tagsID = try #require(tags["id"]?.string.flatMap { RecordID($0) })
            let set = await problem {
                _ = try await fields.change(tagsID, version: 1, ["indexed": true], in: desk.firm.scope)
            }
            #expect(paths(set) == ["/indexed unsupported"])
            let unique = try await desk.installation.addField("key", .text, unique: true, to: desk.plan, desk.firm)
            let uniqueID = try #require(unique["id"]?.string.flatMap { RecordID($0) })
            let fixed = await problem {
                _ = try await fields.change(uniqueID, version: 1, ["indexed": false], in: desk.firm.scope)
            }
            #expect(fixed?.code == .conflict)
        }
    }

    @Test func `more references than a round trip has statements are checked`() async throws {
        try await withDesk { desk in
            let one = try await desk.create([:])
            var custom = JSONObject()
            for number in 0..<40 {
                try await desk.installation.addField(
                    "r\(number)", .reference, target: desk.plan.reference, max: nil, to: desk.plan, desk.firm)
                custom["r\(number)"] = .string(one.description)
            }
            _ = try await desk.create(.object(custom))
            custom["r39"] = .string(UUID().uuidString)
            let refused = await problem { _ = try await desk.create(.object(custom)) }
            #expect(paths(refused) == ["/custom/r39 unknown_reference"])
        }
    }
}
