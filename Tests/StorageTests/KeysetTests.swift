import Foundation
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// Pages put together are the whole list, whatever the sort, the filters and the limits.
struct KeysetTests {
    @Test(arguments: [3, 1_415, 92_653] as [UInt64])
    func `pages of any list join to all of it, none twice and none lost`(seed: UInt64) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let books = try installation.plan("lists", "book")
            try await Library.fill(installation, firm, count: 300, seed: seed)
            var random = SeededGenerator(seed: seed)
            let all = try await records(of: ListQuery(limit: 200), books, installation, firm)
            #expect(all.count == 300)
            for round in 0..<25 {
                let filter = Filters.all.randomElement(using: &random) ?? Filters.all[0]
                let sort = ["created_at", "title", "pages", "published", "lent_at"].randomElement(using: &random)
                let query = try ListQuery.parse(
                    filter.parameters + [
                        (name: "sort", value: (Bool.random(using: &random) ? "-" : "") + (sort ?? "title")),
                        (name: "limit", value: String(Int.random(in: 1...70, using: &random))),
                    ], for: books)
                let paged = try await records(of: query, books, installation, firm)
                let expected = all.filter(filter.matches).sorted { Self.isBefore($0, $1, query.sort) }
                let place = "seed \(seed), round \(round): \(query.sort) \(filter.parameters)"
                #expect(paged.map { $0["id"] } == expected.map { $0["id"] }, "\(place)")
            }
        }
    }

    /// Follows the cursors to the end.
    private func records(
        of query: ListQuery, _ plan: EntityPlan, _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> [JSONValue] {
        var query = query
        var records: [JSONValue] = []
        repeat {
            let page = try await installation.storage.records.list(plan, query, in: firm.scope, reach: .business)
            records += try page.records.map { try JSONParser.parse($0.bytes) }
            query.cursor = page.nextCursor
        } while query.cursor != nil
        return records
    }

    /// Empty values last when ascending, equal ones by id; texts by their bytes, as the test cluster has them.
    private static func isBefore(_ left: JSONValue, _ right: JSONValue, _ sort: ListQuery.Sort) -> Bool {
        let order = compare(left[sort.column], right[sort.column])
        let ids = compare(left["id"], right["id"])
        let ascending = order == 0 ? ids < 0 : order < 0
        return sort.isDescending ? !ascending : ascending
    }

    private static func compare(_ left: JSONValue?, _ right: JSONValue?) -> Int {
        switch (left ?? .null, right ?? .null) {
        case (.null, .null): 0
        case (.null, _): 1
        case (_, .null): -1
        case (.int(let left), .int(let right)): left < right ? -1 : left > right ? 1 : 0
        case (let left, let right):
            Self.order(Array((left.string ?? "").utf8), Array((right.string ?? "").utf8))
        }
    }

    private static func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }
}

/// Filters, each with what it means said another way.
private struct Filters: Sendable {
    let parameters: [(name: String, value: String)]
    let matches: @Sendable (JSONValue) -> Bool

    static let all: [Filters] = [
        Filters(parameters: []) { _ in true },
        Filters(parameters: [("filter[genre]", "novel")]) { $0["genre"] == "novel" },
        Filters(parameters: [("filter[genre]", "ne:novel")]) { $0["genre"] != "novel" },
        Filters(parameters: [("filter[genre]", "in:novel,essay")]) { ["novel", "essay"].contains($0["genre"]) },
        Filters(parameters: [("filter[pages]", "between:2,4")]) { (2...4).contains($0["pages"]?.int ?? 0) },
        Filters(parameters: [("filter[pages]", "null:true")]) { $0["pages"] == .null },
        Filters(parameters: [("filter[pages]", "gt:1"), ("filter[pages]", "lte:3")]) {
            (2...3).contains($0["pages"]?.int ?? 0)
        },
        Filters(parameters: [("filter[title]", "prefix:b")]) { $0["title"]?.string?.hasPrefix("b") == true },
        Filters(parameters: [("filter[title]", "contains:C,")]) {
            $0["title"]?.string?.lowercased().contains("c,") == true
        },
        Filters(parameters: [("filter[tags]", "contains:new")]) { $0["tags"]?.array?.contains("new") == true },
        Filters(parameters: [("q", "bc")]) { $0["title"] == "bc" },
        Filters(parameters: [("q", "C b"), ("filter[genre]", "novel")]) {
            $0["title"] == "b, c," && $0["genre"] == "novel"
        },
        Filters(parameters: [("filter[tags]", "ne:new")]) { $0["tags"]?.array?.contains("new") != true },
    ]
}

/// Books with few different values, so that many are equal and many are empty.
private enum Library {
    static func fill(_ installation: TestInstallation, _ firm: SignedUp, count: Int, seed: UInt64) async throws {
        let text = """
            INSERT INTO lists.book (business_id, id, created_by, updated_by, created_at, title, genre, tags, pages,
                published, lent_at)
            SELECT $1::uuid, md5(n || ':' || $2)::uuid, $1::uuid, $1::uuid,
                '2026-01-01'::timestamptz + (h(n, 1) % 5) * interval '1 day',
                (ARRAY['a', 'b', 'bc', 'b, c,', 'C, d', 'é'])[1 + h(n, 2) % 6],
                (ARRAY['novel', 'poetry', 'essay', NULL])[1 + h(n, 3) % 4],
                CASE h(n, 4) % 3 WHEN 0 THEN '{}' WHEN 1 THEN '{new}' ELSE '{classic,new}' END::text[],
                nullif(h(n, 5) % 6, 0), nullif('2026-01-01'::date + (h(n, 6) % 4), '2026-01-01'::date),
                CASE WHEN h(n, 7) % 2 = 0 THEN '2026-02-01'::timestamptz + (h(n, 8) % 3) * interval '1 hour' END
            FROM generate_series(1, $3::int) n
            """
        let hash = "(abs(hashtext(n || '/' || $1 || '/' || $2)))"
        let filled = text.replacing(/h\(n, (\d)\)/) { hash.replacing("$1", with: "\($0.output.1)") }
        _ = try await installation.database.ask(
            filled, [firm.grant.business.description, String(seed), String(count)], business: firm.grant.business)
    }
}
