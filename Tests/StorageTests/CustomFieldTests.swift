import Foundation
import HostManifest
import HostModel
import HostSQL
import HostStorage
import Testing

/// The fields that a business adds: how they are made, and what they do to values.
struct CustomFieldTests {
    private func withTicket(
        _ test: (TestInstallation, SignedUp, EntityPlan) async throws -> Void
    ) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            try await test(
                installation, try await installation.signUp("ann@example.com"),
                try installation.plan("flow", "ticket"))
        }
    }

    /// The faults of a new ticket with these custom values, as `path code`; its custom object when there are none.
    private func create(
        _ custom: JSONValue, _ plan: EntityPlan, _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> (faults: [String], record: JSONValue) {
        do {
            let made = try await installation.storage.records.create(
                plan, ["title": "A", "custom": custom], in: firm.scope)
            return ([], try JSONParser.parse(made.json.bytes))
        } catch let problem as Problem {
            return (problem.faults.map { "\($0.path) \($0.code)" }, .null)
        }
    }

    @Test func `values are held to their fields, and unknown ones are refused`() async throws {
        try await withTicket { installation, firm, plan in
            try await installation.addField("colour", .word, required: true, options: ["red", "blue"], to: plan, firm)
            try await installation.addField("floor", .int, to: plan, firm)
            try await installation.addField("seen_at", .datetime, to: plan, firm)
            #expect(try await create([:], plan, installation, firm).faults == ["/custom/colour required"])
            let wrong: JSONValue = ["colour": "green", "floor": "two", "seen_at": "yesterday", "colur": "red"]
            #expect(
                try await create(wrong, plan, installation, firm).faults.sorted() == [
                    "/custom/colour enum", "/custom/colur unknown_field", "/custom/floor type",
                    "/custom/seen_at format",
                ])
            let right: JSONValue = ["colour": "red", "floor": 2, "seen_at": "2026-11-22T12:00:00+02:00"]
            let record = try await create(right, plan, installation, firm).record
            #expect(record["custom"]?["floor"] == 2)
            #expect(record["custom"]?["seen_at"] == "2026-11-22T10:00:00.000000Z")
        }
    }

    @Test func `a change replaces what it sends, and null removes what isn't required`() async throws {
        try await withTicket { installation, firm, plan in
            try await installation.addField("colour", .text, required: true, to: plan, firm)
            try await installation.addField("floor", .int, to: plan, firm)
            let made = try await create(["colour": "red", "floor": 2], plan, installation, firm).record
            let id = try #require(made["id"]?.string.flatMap { RecordID($0) })
            func change(_ version: Int64, _ custom: JSONValue) async throws -> JSONValue? {
                let changed = try await installation.storage.records.update(
                    plan, id, version: version, ["custom": custom], in: firm.scope, reach: .business)
                return try JSONParser.parse(changed.json.bytes)["custom"]
            }
            #expect(try await change(1, ["floor": 3]) == ["colour": "red", "floor": 3])
            #expect(try await change(2, ["floor": nil]) == ["colour": "red"])
            let refused = await problem { _ = try await change(3, ["colour": nil]) }
            #expect(refused?.faults.map(\.path) == ["/custom/colour"])
        }
    }

    @Test func `a reference names a record of the business`() async throws {
        try await withTicket { installation, firm, plan in
            let other = try await installation.signUp("bob@example.com")
            var mine = RecordMaker(installation, firm)
            var theirs = RecordMaker(installation, other)
            try await installation.addField("blocks", .reference, target: plan.reference, to: plan, firm)
            let own = try await mine.record(plan.reference)
            let foreign = try await theirs.record(plan.reference)
            #expect(try await create(["blocks": .string(own.description)], plan, installation, firm).faults == [])
            #expect(
                try await create(["blocks": .string(foreign.description)], plan, installation, firm).faults
                    == ["/custom/blocks unknown_reference"])
        }
    }

    @Test func `the tier's limit holds, also for two at once, and keys aren't used twice`() async throws {
        try await withTicket { installation, firm, plan in
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<5 {
                    group.addTask {
                        (try? await installation.addField("f\(number)", .text, max: 3, to: plan, firm)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 3)
            let full = await problem { try await installation.addField("more", .text, max: 3, to: plan, firm) }
            #expect(full?.code == .conflict && full?.members["limit"] == 3)
        }
    }

    @Test func `an archived field keeps its values, takes no new ones and gives its key to nobody`() async throws {
        try await withTicket { installation, firm, plan in
            let fields = installation.storage.customFields
            let field = try await installation.addField("colour", .text, to: plan, firm)
            let made = try await create(["colour": "red"], plan, installation, firm).record
            let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
            let typed = await problem {
                _ = try await fields.change(id, version: 1, ["type": "int"], in: firm.scope)
            }
            #expect(typed?.code == .conflict)
            _ = try await fields.archive(id, version: 1, in: firm.scope)
            let record = try #require(made["id"]?.string.flatMap { RecordID($0) })
            let kept = try await installation.storage.records.update(
                plan, record, version: 1, ["title": "B"], in: firm.scope, reach: .business)
            #expect(try JSONParser.parse(kept.json.bytes)["custom"] == ["colour": "red"])
            #expect(
                try await create(["colour": "red"], plan, installation, firm).faults
                    == ["/custom/colour unknown_field"])
            let again = await problem { try await installation.addField("colour", .int, to: plan, firm) }
            #expect(again?.code == .alreadyExists)
            #expect(try await installation.actions(of: firm).contains("platform.custom_field.archive"))
        }
    }

    @Test func `the trail says what of a field was changed`() async throws {
        try await withTicket { installation, firm, plan in
            let field = try await installation.addField("colour", .text, to: plan, firm)
            let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
            _ = try await installation.storage.customFields.change(
                id, version: 1, ["label": "Paint", "required": true], in: firm.scope)
            let query = AuditStore.Query(entity: "platform.custom_field")
            let entries = try await installation.storage.audit.list(query, in: firm.scope).records
            let last = try JSONParser.parse(try #require(entries.last).bytes)
            #expect(last["action"] == "platform.custom_field.update")
            #expect(last["changes"] == ["label": ["to": "Paint"], "required": ["to": true]])
        }
    }

    @Test func `one business's fields aren't another's`() async throws {
        try await withTicket { installation, firm, plan in
            let other = try await installation.signUp("bob@example.com")
            let field = try await installation.addField("colour", .text, to: plan, firm)
            let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
            let fields = installation.storage.customFields
            #expect(try await fields.list(of: nil, in: other.scope).isEmpty)
            let stolen = await problem { _ = try await fields.archive(id, version: 1, in: other.scope) }
            #expect(stolen?.code == .notFound)
            #expect(
                try await create(["colour": "red"], plan, installation, other).faults
                    == ["/custom/colour unknown_field"])
        }
    }
}
