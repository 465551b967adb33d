import HostManifest
import HostModel
import HostSQL
import Testing

struct ExpressionTextTests {
    private static let fields = """
          ticket:
            route: tickets
            fields:
              name: {type: text, max: 100}
              count: {type: int}
              share_ppm: {type: rate, default: 0}
              done: {type: bool, default: false}
              day: {type: date}
              at: {type: timestamp}
              party: {type: ref, to: shop.ticket}
            checks: [{id: c, expr:
        """

    private func expression(_ text: String) throws -> CheckExpression {
        let shop = try Manifests.shop(Self.fields + " \"\(text)\"}]")
        return try #require(shop.manifests.first?.entities.first?.checks.first).expression
    }

    @Test(arguments: [
        ("count > 1", "\"count\" > 1"), ("done", "\"done\""),
        ("name = 'it''s; --'", "\"name\" = 'it''s; --'"),
        (
            "share_ppm + 1 < count * -2",
            "((\"share_ppm\")::bigint + (1)::bigint) < ((\"count\")::bigint * (-2)::bigint)"
        ),
        ("length(name) in (1, 2) or not done", "(char_length(\"name\") IN (1, 2)) OR (NOT \"done\")"),
        ("party is not null and day < '2026-01-01'", "(\"party_id\" IS NOT NULL) AND (\"day\" < '2026-01-01'::date)"),
        ("at > '2026-01-01T00:00:00Z'", "\"at\" > '2026-01-01T00:00:00.000000Z'::timestamptz"),
    ])
    func `an expression is SQL of quoted names and literals`(text: String, sql: String) throws {
        #expect(try ExpressionText().sql(expression(text)) == sql)
    }

    @Test func `columns can be those of a row`() throws {
        #expect(try ExpressionText(of: "t").sql(expression("count > 1")) == "t.\"count\" > 1")
    }
}
