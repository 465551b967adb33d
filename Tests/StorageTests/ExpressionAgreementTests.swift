import HostManifest
import HostModel
import HostPostgres
import HostSQL
import TestSupport
import Testing

/// The host's evaluation of a condition and PostgreSQL's are two programs that must never differ.
struct ExpressionAgreementTests {
    // Products of four of the largest values stay within 64 bits: one overflow would end the whole statement.
    private static let expressionCount = 300
    private static let rowCount = 40

    @Test(arguments: [UInt64(20_261_122), .random(in: 0 ... .max)])
    func `PostgreSQL and the host agree on random expressions and rows`(seed: UInt64) async throws {
        var random = RandomExpressions(seed: seed)
        let texts = (0..<Self.expressionCount).map { _ in random.condition() }
        let expressions = try Self.expressions(texts)
        let rows = (0..<Self.rowCount).map { _ in random.row() }
        let document = JSONValue.array(
            rows.enumerated().map { number, row in
                var object = JSONObject(["row": .int(Int64(number))])
                for (name, value) in row { object[name] = value }
                return .object(object)
            })
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            var disagreements: [String] = []
            for start in stride(from: 0, to: expressions.count, by: 50) {
                let slice = Array(expressions[start..<min(start + 50, expressions.count)])
                let columns = slice.map { "(\(ExpressionText(of: "t").sql($0)))::text" }.joined(separator: ", ")
                let rowset = "jsonb_to_recordset($1::jsonb) AS t(\"row\" int, \(RandomExpressions.columns))"
                let answers = try await database.ask(
                    "SELECT \(columns) FROM \(rowset) ORDER BY t.\"row\"", [document.text])
                for (row, values) in rows.enumerated() {
                    for (index, expression) in slice.enumerated() {
                        let expected = answers.text(row, index).map { $0 == "true" }
                        if try expression.holds(for: values) != expected {
                            disagreements.append("\(texts[start + index]) over \(values)")
                        }
                    }
                }
            }
            #expect(disagreements.isEmpty, "seed \(seed)")
        }
    }

    private static func expressions(_ texts: [String]) throws -> [CheckExpression] {
        let checks = texts.enumerated().map { "      - id: c\($0)\n        expr: \"\($1)\"" }
        let yaml = """
            apiVersion: thorbis.dev/v1
            id: shop
            name: Shop
            version: 1.0.0
            pluginAPI: ">=1.0 <2.0"
            entities:
              ticket:
                route: tickets
                fields:
            \(RandomExpressions.fields)
                checks:
            \(checks.joined(separator: "\n"))
            """
        let digest = String(repeating: "0", count: 64)
        let manifest = try ManifestParser.parse(yaml: yaml, file: "shop.yaml", digest: digest)
        return try #require(manifest.entities.first).checks.map(\.expression)
    }
}

/// Well-typed conditions and rows for them, the same for the same seed.
struct RandomExpressions {
    private var generator: SplitMix

    static let fields = """
              a: {type: int}
              b: {type: money}
              rate: {type: rate}
              name: {type: text, max: 20}
              kind: {type: enum, values: [low, high]}
              done: {type: bool}
              at: {type: timestamp}
              until: {type: timestamp}
              day: {type: date}
              owner: {type: uuid}
              mail: {type: email}
        """
    static let columns =
        "a bigint, b bigint, rate integer, name text, kind text, done boolean, at timestamptz, "
        + "until timestamptz, day date, owner uuid, mail text"

    private static let names = ["", "a", "it's", "é", "e\u{301}", "𝄞x"]
    private static let times = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z", "0001-01-01T00:00:00Z"]
    private static let days = ["2026-01-01", "0099-12-31", "9999-12-31"]
    private static let ids = ["0194d0e0-0000-7000-8000-000000000001", "f194d0e0-0000-7000-8000-000000000001"]

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func row() -> [String: JSONValue] {
        var row: [String: JSONValue] = [
            "a": .int(.random(in: -3...3, using: &generator)), "b": .int(.random(in: -3...3, using: &generator)),
            "rate": .int(one(of: [0, 1, 10_000])), "name": .string(one(of: Self.names)),
            "kind": .string(one(of: ["low", "high"])), "done": .bool(.random(using: &generator)),
            "at": .string(one(of: Self.times)), "until": .string(one(of: Self.times)),
            "day": .string(one(of: Self.days)), "owner": .string(one(of: Self.ids)), "mail": "a@b.example",
        ]
        for name in row.keys.sorted() where Int.random(in: 0..<4, using: &generator) == 0 { row[name] = .null }
        return row
    }

    mutating func condition(_ depth: Int = 3) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &generator) {
        case 0: return "\(number(2)) \(one(of: ["<", "<=", "=", "<>", ">=", ">"])) \(number(2))"
        case 1: return "\(one(of: ["at", "until"])) \(order()) \(time())"
        case 2: return "\(text()) \(one(of: ["=", "<>"])) \(text())"
        case 3:
            return one(of: ["done", "kind = 'low'", "kind in ('low', 'high')", "day \(order()) '2026-01-01'", "true"])
        case 4:
            return
                "\(one(of: ["a", "name", "mail", "day", "owner", "(a + b)", "done"])) is \(one(of: ["", "not "]))null"
        case 5: return "\(number(1)) \(one(of: ["in", "not in"])) (\(number(1)), \(number(0)), \(number(1)))"
        case 6: return "not (\(condition(depth - 1)))"
        case 7: return "(\(condition(depth - 1))) = (\(condition(depth - 2)))"
        case 8: return "(\(condition(depth - 1))) and (\(condition(depth - 1)))"
        default: return "(\(condition(depth - 1))) or (\(condition(depth - 1)))"
        }
    }

    private mutating func order() -> String { one(of: ["<", "<=", "=", "<>", ">=", ">"]) }

    private mutating func time() -> String { one(of: ["until", "at", "'2026-01-01T02:00:00+02:00'"]) }

    /// An enum is compared with its own values only, which `condition` does by itself.
    private mutating func text() -> String { one(of: ["name", "name", "'it''s'", "'é'", "''"]) }

    private mutating func number(_ depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &generator) {
        case 0: return one(of: ["a", "b", "rate"])
        case 1: return String(Int.random(in: -3...3, using: &generator))
        case 2: return one(of: ["length(name)", "length('é')", "40000"])
        case 3: return "-(\(number(depth - 1)))"
        default: return "(\(number(depth - 1)) \(one(of: ["+", "-", "*"])) \(number(depth - 1)))"
        }
    }

    private mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }
}

/// SplitMix64: small, and the same on every machine.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
