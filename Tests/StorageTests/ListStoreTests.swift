import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// Includes, changes, aggregates and the plans of lists, on the library of the gallery.
struct ListStoreTests {
    @Test func `an included record is shown, out of reach it is null`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (authors, books) = (try installation.plan("lists", "author"), try installation.plan("lists", "book"))
            let author = try await make(authors, ["name": "Ursula"], installation, firm)
            _ = try await make(books, ["title": "A", "author": author["id"] ?? .null], installation, firm)
            func shown(_ access: [Included.Access], viewer: UserID) async throws -> JSONValue? {
                var query = try ListQuery.parse([(name: "include", value: "author.mentor,chapters")], for: books)
                query.selection.viewer = viewer
                query.selection.includes[0].access = access
                query.selection.includes[0].nested[0].access = access
                return try await page(query, books, installation, firm).first
            }
            let all = try await shown([.init(mount: nil, isOwn: false)], viewer: firm.grant.user)
            #expect(all?["author"]?["name"] == "Ursula")
            #expect(all?["author"]?["mentor"] == .null)
            #expect(all?["chapters"] == [])
            let own = [Included.Access(mount: nil, isOwn: true)]
            #expect(try await shown(own, viewer: firm.grant.user)?["author"]?["name"] == "Ursula")
            #expect(try await shown(own, viewer: UserID(UUID()))?["author"] == .null)
            #expect(try await shown([], viewer: firm.grant.user)?["author"] == .null)
        }
    }

    @Test func `changes come in their order, with archived records, and none that may still be joined`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let authors = try installation.plan("lists", "author")
            _ = try await installation.database.ask(
                """
                INSERT INTO lists.author (business_id, id, created_by, updated_by, updated_at, name, archived_at)
                SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, now() - n * interval '1 minute', 'A' || n,
                    CASE WHEN n = 2 THEN now() END FROM generate_series(0, 4) n
                """, [firm.grant.business.description], business: firm.grant.business)
            let query = try ListQuery.parse(
                [(name: "updated_since", value: "2020-01-01T00:00:00Z"), (name: "count", value: "exact")], for: authors)
            let page = try await installation.storage.records.list(authors, query, in: firm.scope, reach: .business)
            let names = try page.records.map { try JSONParser.parse($0.bytes)["name"]?.string }
            // A0 is younger than the second that the horizon stays behind.
            #expect(Array(names.prefix(4)) == ["A4", "A3", "A2", "A1"])
            let until = try #require(page.until)
            #expect(ValueOfTime(until) != nil)
        }
    }

    @Test func `an open transaction holds the horizon of changes back`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let authors = try installation.plan("lists", "author")
            let query = try ListQuery.parse(
                [(name: "updated_since", value: "2020-01-01T00:00:00Z")], for: authors)
            try await installation.database.transaction(deadline: .seconds(30)) { open in
                let statement = SQLStatement(
                    name: nil, text: "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                let start = try #require(try await open.execute(SQLCommand(statement, [])).text(0, 0))
                let page = try await installation.storage.records.list(
                    authors, query, in: firm.scope, reach: .business)
                #expect(try #require(page.until) < start)
            }
        }
    }

    @Test func `an aggregate groups by the business's days and refuses a sum that isn't exact`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            // 02:00 UTC is the day before in Chicago.
            let firm = try await installation.signUp("ann@example.com", timeZone: "America/Chicago")
            let books = try installation.plan("lists", "book")
            _ = try await installation.database.ask(
                """
                INSERT INTO lists.book (business_id, id, created_by, updated_by, title, lent_at, price_minor)
                SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, 'T' || n,
                    CASE WHEN n > 1 THEN '2026-03-02T02:00:00Z'::timestamptz END, 9007199254740991 - n
                FROM generate_series(1, 3) n
                """, [firm.grant.business.description], business: firm.grant.business)
            func answer(_ parameters: [(String, String)]) async throws -> AggregateAnswer {
                let query = try AggregateQuery.parse(parameters.map { (name: $0.0, value: $0.1) }, for: books)
                return try await installation.storage.records.aggregate(
                    books, query, in: firm.scope, reach: .business)
            }
            let days = try await answer([("group", "day:lent_at,status"), ("max", "price_minor")])
            #expect(
                days.groups.map(\.text).map { $0.filter { $0 != " " } } == [
                    #"{"group":{"day:lent_at":"2026-03-01","status":"draft"},"max":{"price_minor":9007199254740989}}"#,
                    #"{"group":{"day:lent_at":null,"status":"draft"},"max":{"price_minor":9007199254740990}}"#,
                ])
            let tooLarge = await problem { _ = try await answer([("sum", "price_minor")]) }
            #expect(tooLarge?.code == .amountOverflow)
            let none = try await answer([("filter[title]", "X"), ("sum", "pages"), ("count", "true")])
            #expect(none.groups.map(\.text).map { $0.filter { $0 != " " } } == [#"{"count":0,"sum":{"pages":null}}"#])
        }
    }

    @Test func `the common pages read their index from one place on, without a sort`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let business = firm.grant.business
            _ = try await installation.database.ask(
                """
                INSERT INTO lists.author (business_id, id, created_by, updated_by, created_at, name, email, rating)
                SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, now() - n * interval '1 second', 'Author ' || n,
                    'a' || n || '@example.com', n % 100 FROM generate_series(1, 20000) n
                """, [business.description], business: business)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                _ = try await database.ask("ANALYZE lists.author")
            }
            let plan = try installation.plan("lists", "author")
            let position = ListQuery.Position(key: "Author 5", id: RecordID(UUID()))
            let shapes: [(query: ListQuery, index: String)] = [
                (ListQuery(), "author_created_at_idx"),
                (ListQuery(sort: .init("name"), position: position), "author_name_idx"),
                (ListQuery(sort: .init("rating", isDescending: true)), "author_rating_idx"),
                (ListQuery(filters: [Filter("email", .prefix, ["a1999"])]), "author_email_prefix_idx"),
                (ListQuery(filters: [Filter("name", .prefix, ["Author 1999"])]), "author_name_prefix_idx"),
            ]
            for (query, index) in shapes {
                let command = plan.list(query, for: .business)
                let rows = try await installation.database.ask(
                    "EXPLAIN " + command.statement.text, command.parameters, business: business)
                let text = rows.texts.joined(separator: "\n")
                #expect(text.contains(index), "\(text)")
                let isSorted = query.filters.isEmpty
                #expect(!isSorted || !text.contains("Sort"), "\(text)")
            }
        }
    }

    private func make(
        _ plan: EntityPlan, _ values: [String: JSONValue], _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> JSONValue {
        let record = try await installation.storage.records.create(plan, values, in: firm.scope)
        return try JSONParser.parse(record.json.bytes)
    }

    private func page(
        _ query: ListQuery, _ plan: EntityPlan, _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> [JSONValue] {
        try await installation.storage.records.list(plan, query, in: firm.scope, reach: .business).records
            .map { try JSONParser.parse($0.bytes) }
    }
}

/// A time in the form that `updated_since` takes.
private struct ValueOfTime {
    init?(_ text: String) {
        guard text.hasSuffix("Z"), Timestamp(rfc3339: text) != nil else { return nil }
    }
}
