import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import NIOCore
import Testing

/// Lists, sums and exports of records by the fields that a business added.
struct CustomFilterTests {
    private struct Shop {
        let installation: TestInstallation
        let firm: SignedUp
        let plan: EntityPlan
        let known: RecordID

        func fields() async throws -> CustomFields {
            try await installation.storage.records.customFields(
                of: plan, for: [(name: "filter[custom.x]", value: "")], in: firm.scope)
        }

        /// The titles of the list, in order.
        func titles(_ filters: [(String, String)]) async throws -> String {
            let parameters = filters.map { (name: "filter[\($0.0)]", value: $0.1) } + [(name: "sort", value: "title")]
            let query = try ListQuery.parse(parameters, for: plan, custom: try await fields())
            let page = try await installation.storage.records.list(plan, query, in: firm.scope, reach: .business)
            return try page.records.map { try JSONParser.parse($0.bytes)["title"]?.string ?? "" }.joined()
        }
    }

    /// Four tickets: A and B with every value, C with none, D with values of other types from before the fields.
    private func withShop(_ test: (Shop) async throws -> Void) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let plan = try installation.plan("flow", "ticket")
            let target = try installation.plan("core", "party").reference
            for (key, kind) in [
                ("note", .text), ("floor", .int), ("fee", .money), ("vip", .bool), ("on", .date), ("at", .datetime),
            ] as [(String, CustomField.Kind)] {
                try await installation.addField(key, kind, max: nil, to: plan, firm)
            }
            try await installation.addField("colour", .word, options: ["red", "blue"], max: nil, to: plan, firm)
            try await installation.addField("tags", .words, options: ["x", "y", "z"], max: nil, to: plan, firm)
            try await installation.addField("buyer", .reference, target: target, max: nil, to: plan, firm)
            let shop = Shop(
                installation: installation, firm: firm, plan: plan,
                known: try await RecordMaker.one(of: target, installation, firm))
            for (title, custom) in Self.tickets(shop.known) {
                _ = try await installation.storage.records.create(
                    plan, ["title": .string(title), "custom": custom], in: firm.scope)
            }
            _ = try await installation.database.ask(
                """
                UPDATE flow.ticket SET version = version + 1,
                custom = '{"floor":"up","fee":[1],"on":"","tags":"x y","vip":"maybe","note":null,"at":""}'
                WHERE title = 'D'
                """, business: firm.grant.business)
            try await test(shop)
        }
    }

    private static func tickets(_ buyer: RecordID) -> [(String, JSONValue)] {
        [
            (
                "A",
                [
                    "note": "50% of \"é\"", "floor": 2, "fee": -100, "vip": true, "on": "2026-02-28",
                    "at": "2026-11-22T12:00:00+02:00", "colour": "red", "tags": ["x", "y"],
                    "buyer": .string(buyer.description),
                ]
            ),
            (
                "B",
                [
                    "note": "Zed", "floor": 10, "fee": 900, "vip": false, "on": "2026-10-01",
                    "at": "2026-11-22T11:00:00Z", "colour": "blue", "tags": ["z"],
                ]
            ), ("C", [:]), ("D", [:]),
        ]
    }

    static let found: [(String, String, String)] = [
        ("note", "Zed", "B"), ("note", "ne:Zed", "ACD"), ("note", "contains:É", "A"), ("note", "contains:%", "A"),
        ("note", "prefix:Z", "B"), ("note", "prefix:z", ""), ("note", "in:Zed,Nobody", "B"),
        ("note", "null:true", "CD"),
        ("floor", "2", "A"), ("floor", "gt:2", "B"), ("floor", "lt:10", "A"), ("floor", "between:2,10", "AB"),
        ("floor", "in:10,+2", "AB"), ("floor", "ne:2", "BCD"), ("fee", "lte:-100", "A"), ("fee", "gte:0", "B"),
        ("vip", "true", "A"), ("vip", "ne:true", "BCD"), ("on", "2026-02-28", "A"), ("on", "gt:2026-02-28", "B"),
        ("at", "2026-11-22T10:00:00Z", "A"), ("at", "gt:2026-11-22T10:30:00Z", "B"),
        ("at", "between:2026-11-22T09:00:00-01:00,2026-11-22T11:00:00Z", "AB"), ("colour", "red", "A"),
        ("colour", "in:red,blue", "AB"), ("colour", "ne:red", "BCD"), ("tags", "x", "A"), ("tags", "contains:z", "B"),
        ("tags", "in:y,z", "AB"), ("tags", "ne:x", "BCD"), ("tags", "null:true", "C"), ("colour", "null:false", "AB"),
    ]

    @Test func `every type is found by what it can be compared by, whatever older records have`() async throws {
        try await withShop { shop in
            for (key, filter, titles) in Self.found {
                let found = try await shop.titles([("custom.\(key)", filter)])
                #expect(found == titles, "\(key) \(filter)")
            }
            let bought = try await shop.titles([("custom.buyer", shop.known.description.uppercased())])
            let both = try await shop.titles([("custom.floor", "gt:0"), ("custom.vip", "false")])
            #expect([bought, both] == ["A", "B"])
        }
    }

    static let refused: [(String, String, String)] = [
        ("colur", "red", "unknown_field"), ("", "red", "unknown_field"), ("colour'", "red", "unknown_field"),
        ("colour", "green", "format"), ("colour", "gt:red", "comparison"), ("colour", "contains:r", "comparison"),
        ("floor", "two", "format"), ("floor", "between:1", "format"), ("floor", "prefix:1", "comparison"),
        ("vip", "gt:true", "comparison"), ("vip", "1", "format"), ("on", "2026-02-30", "format"),
        ("at", "yesterday", "format"), ("buyer", "nobody", "format"), ("buyer", "prefix:0", "comparison"),
        ("tags", "w", "format"), ("tags", "lt:x", "comparison"), ("note", "contains:", "format"),
        ("note", "null:maybe", "format"),
    ]

    @Test func `an index finds what a look through all records finds`() async throws {
        try await withShop { shop in
            let fields = shop.installation.storage.customFields
            for field in try await fields.list(of: nil, in: shop.firm.scope) {
                let field = try JSONParser.parse(field.bytes)
                let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
                guard field["type"] != "multi_enum" else { continue }
                _ = try await fields.change(id, version: 1, ["indexed": true], in: shop.firm.scope)
            }
            let built = try await shop.installation.buildIndexes(shop.firm)
            #expect(built.count == 8 && built.allSatisfy { $0.hasSuffix(" ready") }, "\(built)")
            for (key, filter, titles) in Self.found {
                let found = try await shop.titles([("custom.\(key)", filter)])
                #expect(found == titles, "\(key) \(filter)")
            }
        }
    }

    @Test func `unknown fields, comparisons and values are refused at their parameter`() async throws {
        try await withShop { shop in
            for (key, filter, code) in Self.refused {
                let refused = await problem { _ = try await shop.titles([("custom.\(key)", filter)]) }
                #expect(refused?.faults.map(\.code) == [code], "\(key) \(filter)")
                #expect(refused?.faults.map(\.path) == ["filter[custom.\(key)]"])
            }
            let unknown = await problem { _ = try await shop.titles([("custom.colur", "red")]) }
            #expect(unknown?.faults.first?.detail.contains("colour") == true)
            let other = try await shop.installation.signUp("bob@example.com")
            let strange = Shop(installation: shop.installation, firm: other, plan: shop.plan, known: shop.known)
            let foreign = await problem { _ = try await strange.titles([("custom.colour", "red")]) }
            #expect(foreign?.faults.map(\.code) == ["unknown_field"])
        }
    }

    @Test func `sums and exports take the same filters`() async throws {
        try await withShop { shop in
            let (storage, scope) = (shop.installation.storage, shop.firm.scope)
            let parameters = [(name: "filter[custom.floor]", value: "in:2,10"), (name: "count", value: "true")]
            let sum = try AggregateQuery.parse(parameters, for: shop.plan, custom: try await shop.fields())
            let answer = try await storage.records.aggregate(shop.plan, sum, in: scope, reach: .business)
            #expect(try JSONParser.parse(answer.groups[0].bytes)["count"] == 2)
            for (filter, count) in [("in:2,10", 2), ("gt:2", 1), ("null:true", 1)] {
                let query = try ExportQuery.parse(
                    [(name: "filter[custom.floor]", value: filter)], for: shop.plan, custom: try await shop.fields())
                var text = ""
                try await storage.exports.export(
                    shop.plan, query, as: Permission("flow.ticket.export"), in: scope, reach: .business
                ) { text += String(buffer: $0) }
                #expect(text.split(separator: "\n").count == count, "\(filter)")
            }
        }
    }
}
