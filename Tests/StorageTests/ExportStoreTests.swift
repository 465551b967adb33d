import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import NIOCore
import Synchronization
import TestSupport
import Testing

struct ExportStoreTests {
    private func export(
        _ plan: EntityPlan, _ parameters: [(name: String, value: String)], _ installation: TestInstallation,
        _ firm: SignedUp, reach: PermissionScope = .business
    ) async throws -> String {
        var text = ""
        try await installation.storage.exports.export(
            plan, try ExportQuery.parse(parameters, for: plan), as: Permission("core.party.export"), in: firm.scope,
            reach: reach
        ) { text += String(buffer: $0) }
        return text
    }

    private func make(
        _ plan: EntityPlan, _ values: [String: JSONValue], _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> StoredRecord {
        try await installation.storage.records.create(plan, values, in: firm.scope)
    }

    @Test func `lines of JSON are what lists show, in the order of ids, of one business`() async throws {
        try await TestInstallation.make { installation in
            let (ann, bob) = (
                try await installation.signUp("a@example.com"), try await installation.signUp("b@example.com")
            )
            let party = try installation.plan("core", "party")
            for number in 0..<300 {
                let values: [String: JSONValue] = [
                    "display_name": .string("P\(number) \"quoted\" \\ back\nline \u{1}é"), "roles": ["customer"],
                ]
                _ = try await make(party, values, installation, ann)
            }
            _ = try await make(party, ["display_name": "Theirs"], installation, bob)
            let lines = try await export(party, [("format", "ndjson")], installation, ann)
                .split(separator: "\n").map(String.init)
            let query = ListQuery(limit: 200)
            let page = try await installation.storage.records.list(party, query, in: ann.scope, reach: .business)
            #expect(lines.count == 300)
            // The newest 200, the other way round; ids made later sort later.
            #expect(page.records.map(\.text) == lines.suffix(200).reversed())
        }
    }

    @Test func `CSV has a header, quotes, and keeps spreadsheets from computing`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("a@example.com")
            let party = try installation.plan("core", "party")
            for name in ["=1+1", "+4", "-3", "@x", "\tt", "'q", "a,b", "say \"hi\"", "two\nlines", "plain"] {
                let values: [String: JSONValue] = ["display_name": .string(name), "roles": ["customer", "vendor"]]
                _ = try await make(party, values, installation, firm)
            }
            let asked = [("format", "csv"), ("fields", "display_name,roles,tax_exempt")]
            let text = try await export(party, asked, installation, firm)
            let start = text.split(separator: "\r\n").map {
                $0.split(separator: ",").dropFirst().joined(separator: ",")
            }
            #expect(
                start == [
                    "display_name,roles,tax_exempt", "'=1+1,customer|vendor,false", "'+4,customer|vendor,false",
                    "'-3,customer|vendor,false", "'@x,customer|vendor,false", "'\tt,customer|vendor,false",
                    "''q,customer|vendor,false", "\"a,b\",customer|vendor,false",
                    "\"say \"\"hi\"\"\",customer|vendor,false", "\"two\nlines\",customer|vendor,false",
                    "plain,customer|vendor,false",
                ])
            let plain = try await export(party, asked + [("safe", "false")], installation, firm)
            #expect(plain.contains(",=1+1,customer"))
        }
    }

    @Test func `an export without records is its header`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("a@example.com")
            let party = try installation.plan("core", "party")
            let asked = [("format", "csv"), ("fields", "display_name")]
            #expect(try await export(party, asked, installation, firm) == "id,display_name\r\n")
            #expect(try await export(party, [], installation, firm) == "")
        }
    }

    @Test func `filters, search, archived and mounts count, and other users' records stay away`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("a@example.com")
            let party = try installation.plan("core", "party")
            for (name, role) in [("Ada' $1", "customer"), ("Bob", "vendor"), ("Ann", "customer")] {
                let values: [String: JSONValue] = ["display_name": .string(name), "roles": [.string(role)]]
                _ = try await make(party, values, installation, firm)
            }
            func count(_ parameters: [(name: String, value: String)], _ reach: PermissionScope = .business) async throws
                -> Int
            {
                try await export(party, parameters, installation, firm, reach: reach).split(separator: "\n").count
            }
            #expect(try await count([]) == 3)
            #expect(try await count([("filter[display_name]", "Ada' $1")]) == 1)
            #expect(try await count([("filter[roles]", "customer")]) == 2)
            #expect(try await count([("filter[display_name]", "in:Bob,Ann")]) == 2)
            #expect(try await count([("q", "ad")]) == 1)
            #expect(try await count([("q", "zz")]) == 0)
            #expect(try await count([("filter[archived]", "true")]) == 0)
            #expect(try await count([("filter[created_at]", "gte:2020-01-01T00:00:00Z"), ("sort", "x")], .own) == 3)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                // Somebody else's from now on; the trigger that keeps the maker is out of the way for it.
                _ = try await database.ask("ALTER TABLE core.party DISABLE TRIGGER ALL")
                _ = try await database.ask(
                    "UPDATE core.party SET created_by = gen_random_uuid() WHERE display_name = 'Bob'")
            }
            #expect(try await count([], .own) == 2)
        }
    }

    @Test(arguments: [
        [("format", "xlsx")], [("fields", "nothing")], [("fields", "business_id")], [("limit", "5")], [("cursor", "x")],
        [("safe", "1")], [("format", "csv"), ("format", "csv")], [("filter[nothing]", "x")], [("include", "party")],
    ])
    func `parameters that make no sense are refused`(parameters: [(String, String)]) async throws {
        let plan = try #require(EntityPlan(.init(plugin: PluginID("core")!, name: "party"), in: TestManifests.all()))
        let refused = await problem {
            _ = try ExportQuery.parse(parameters.map { (name: $0.0, value: $0.1) }, for: plan)
        }
        #expect(refused?.code == .validationFailed)
    }

    @Test func `the trail tells what left, and what broke off`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("a@example.com")
            let party = try installation.plan("core", "party")
            _ = try await make(party, ["display_name": "Ada"], installation, firm)
            _ = try await export(party, [("format", "csv"), ("filter[display_name]", "Ada")], installation, firm)
            struct Left: Error {}
            let query = try ExportQuery.parse([], for: party)
            await #expect(throws: Left.self) {
                try await installation.storage.exports.export(
                    party, query, as: Permission("core.party.export"), in: firm.scope, reach: .business
                ) { _ in throw Left() }
            }
            let page = try await installation.storage.audit.list(AuditStore.Query(entity: "core.party"), in: firm.scope)
            let exports = try page.records.map { try JSONParser.parse($0.bytes) }.suffix(2)
            #expect(exports.map { $0["action"] } == ["core.party.export", "core.party.export"])
            let facts: [JSONValue] = exports.map { $0["changes"]?["export"]?["to"] ?? .null }
            #expect(facts[0]["rows"] == 1, "\(exports)")
            #expect(facts[0]["complete"] == true)
            #expect(facts[0]["format"] == "csv")
            #expect(facts[0]["filters"]?[0]?.string?.contains("Ada") == true)
            #expect(facts[1]["complete"] == false)
        }
    }
}
