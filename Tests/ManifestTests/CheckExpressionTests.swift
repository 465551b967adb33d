import HostManifest
import HostModel
import Testing

struct CheckExpressionTests {
    private static let fields = """
                name: {type: text, max: 100}
                kind: {type: enum, values: [person, company], default: person}
                email: {type: email}
                count: {type: int}
                limit_minor: {type: money}
                done: {type: bool, default: false}
                starts: {type: timestamp}
                day: {type: date}
                party: {type: ref, to: shop.ticket}
        """

    private func entity(_ expressions: [String]) throws -> Entity {
        let checks = expressions.enumerated().map { "      - {id: c\($0), expr: \"\($1)\"}" }
        let text = """
            apiVersion: thorbis.dev/v1
            id: shop
            name: Shop
            version: 1.0.0
            pluginAPI: ">=1.0 <2.0"
            entities:
              ticket:
                route: tickets
                fields:
            \(Self.fields)
                checks:

            """
        let digest = String(repeating: "0", count: 64)
        let yaml = text + checks.joined(separator: "\n")
        return try #require(ManifestParser.parse(yaml: yaml, file: "shop.yaml", digest: digest).entities.first)
    }

    private func holds(_ expression: String, _ values: [String: JSONValue]) throws -> Bool? {
        try #require(entity([expression]).checks.first).expression.holds(for: values)
    }

    @Test(
        arguments: [
            ("count > 1", ["count": 2], true), ("count > 1", ["count": 1], false), ("count > 1", [:], nil),
            ("count > 1 or done", ["done": true], true), ("count > 1 or done", ["done": false], nil),
            ("count > 1 and done", ["done": false], false), ("not count > 1", ["count": 1], true),
            ("not (count > 1 and done)", [:], nil), ("name = 'it''s'", ["name": "it's"], true),
            ("name <> kind", ["name": "person", "kind": "person"], false),
            ("length(name) = 2", ["name": "e\u{301}"], true), ("name = 'é'", ["name": "e\u{301}"], false),
            ("count in (1, -2, limit_minor)", ["count": -2], true), ("count in (1, limit_minor)", ["count": 3], nil),
            ("count not in (1, 2)", ["count": 3], true), ("email is null", [:], true),
            ("email is not null", ["email": "a@b.example"], true), ("count + 2 * 3 - -1 = 8", ["count": 1], true),
            ("2 - 1 - 1 = count", ["count": 0], true), ("-count < 0", ["count": 5], true),
            ("starts >= '2026-01-01T02:00:00+02:00'", ["starts": "2026-01-01T00:00:00.000000Z"], true),
            ("day < '2026-01-02'", ["day": "2026-01-01"], true),
            (
                "party = '0194D0E0-0000-7000-8000-000000000001'", ["party_id": "0194d0e0-0000-7000-8000-000000000001"],
                true
            ),
            ("true", [:], true), ("(count > 1) = done", ["count": 2, "done": false], false),
            ("done or count > 1 and false", ["done": true], true),
        ] as [(String, [String: JSONValue], Bool?)])
    func `an expression holds, doesn't, or is unknown`(
        expression: String, values: [String: JSONValue], expected: Bool?
    ) throws {
        #expect(try holds(expression, values) == expected)
    }

    @Test func `numbers beyond 64 bits are an overflow, unless the rest decides`() throws {
        let large: [String: JSONValue] = ["count": .int(.max), "done": true]
        #expect(throws: ExpressionOverflow.self) { try holds("count + 1 > 0", large) }
        #expect(throws: ExpressionOverflow.self) { try holds("count * -2 < 0", large) }
        #expect(try holds("done or count + 1 > 0", large) == true)
    }

    @Test func `a new record is judged with its defaults and its initial values`() throws {
        let entity = try entity(["kind = 'company' or name is not null", "updated_at >= created_at", "count < 5"])
        let faults = entity.brokenChecks(ofNew: ["kind": "person", "count": 9])
        #expect(faults.map(\.code) == ["c0", "c2"])
        #expect(faults.map(\.path) == ["/kind", "/count"])
        #expect(faults[0].detail == "The record must keep: (kind = 'company') or (name is not null).")
        #expect(entity.brokenChecks(ofNew: ["kind": "company"]).isEmpty)
    }

    @Test func `changes are judged when they have every column of the check`() throws {
        let entity = try entity(["count < limit_minor", "count <> 7"])
        #expect(entity.brokenChecks(ofChanges: ["count": 9]).isEmpty)
        #expect(entity.brokenChecks(ofChanges: ["count": 7]).map(\.code) == ["c1"])
        #expect(entity.brokenChecks(ofChanges: ["count": 9, "limit_minor": 9]).map(\.code) == ["c0"])
        #expect(entity.brokenChecks(ofChanges: ["count": 9, "limit_minor": nil]).isEmpty)
    }

    @Test func `the longest, largest and deepest expressions are refused one step further`() throws {
        let parts = (0..<33).map { "count > \($0)" }.joined(separator: " or ")
        #expect(throws: InvalidManifest.self) { try entity([parts + " or done or done"]) }
        #expect(throws: InvalidManifest.self) {
            try entity([String(repeating: "not ", count: 17) + "done"])
        }
        _ = try entity([String(repeating: "not ", count: 16) + "done"])
        #expect(throws: InvalidManifest.self) {
            try entity(["done" + String(repeating: " ", count: 1_000)])
        }
    }
}
