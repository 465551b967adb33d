import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

/// Words after a change of what is searched are those that the records of now have, however the migration went.
struct SearchChangeTests {
    private static let cases: [(fixture: String, table: String, column: String?)] = [
        ("add_search", "ticket", "title"), ("widen_search", "ticket", "title || ' ' || coalesce(note, '')"),
        ("other_search", "ticket", "note"), ("rename_searched", "errand", "heading"),
        ("remove_search", "ticket", nil),
    ]

    @Test(arguments: cases) func `words are those of the records`(
        fixture: String, table: String, column: String?
    ) async throws {
        let shop = try await Self.shop(fixture)
        var options = SchemaChangeTests.contracting
        options.batchRows = 4
        try await shop.migrate(options)
        try await Self.expectWords(of: shop, table, column)
    }

    @Test(arguments: ["other_search", "rename_searched"])
    func `a run that is stopped anywhere ends in the same words`(fixture: String) async throws {
        let expected = try #require(Self.cases.first { $0.fixture == fixture })
        var options = SchemaChangeTests.contracting
        options.batchRows = 4
        var count = 1
        while true {
            let shop = try await Self.shop(fixture, rows: 9)
            guard try await shop.migrate(options, stoppingAfter: count) else { break }
            try await shop.migrate(options)
            try await Self.expectWords(of: shop, expected.table, expected.column)
            count += 1
        }
        #expect(count > 6)
    }

    /// A record that is made or changed while the migration waits between two steps.
    @Test func `what is written in the middle has its words too`() async throws {
        let shop = try await Self.shop("other_search", rows: 9)
        for count in 1...3 {
            guard try await shop.migrate(MigrationOptions(), stoppingAfter: count) else { break }
            try await shop.asAdministrator { database in
                let business = ChangingShop.businesses[0]
                _ = try await database.ask(
                    "INSERT INTO shop.ticket (business_id, id, created_by, updated_by, title, note) "
                        + "SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, 'new', 'fresh \(count)'",
                    [business.description], business: business)
                _ = try await database.ask(
                    "UPDATE shop.ticket SET note = 'changed \(count)', version = version + 1 "
                        + "WHERE title = 'Ticket 2' AND business_id = $1::uuid", [business.description],
                    business: business)
            }
        }
        try await shop.migrate()
        try await Self.expectWords(of: shop, "ticket", "note")
    }

    @Test func `taking search away and back finds what changed in between`() async throws {
        let shop = try await Self.shop("remove_search")
        try await shop.migrate()
        try await shop.asAdministrator { database in
            _ = try await database.ask(
                "UPDATE shop.ticket SET title = 'elsewhere', version = version + 1 "
                    + "WHERE title = 'Ticket 2' AND business_id = $1::uuid",
                [ChangingShop.businesses[0].description], business: ChangingShop.businesses[0])
            // As yet nobody has asked for the contract phase: words of before are still there.
            let words = try await database.ask("SELECT count(*)::text FROM search.word").texts
            #expect(words != ["0"])
            try await Migrator(database: database, observer: SilentObserver()).migrate(shop.before)
        }
        try await Self.expectWords(of: shop, "ticket", "title")
    }

    /// Tickets with notes.
    private static func shop(_ fixture: String, rows: Int = 25) async throws -> ChangingShop {
        let shop = try await ChangingShop.make(fixture, rows: rows)
        try await shop.asAdministrator { database in
            for business in ChangingShop.businesses {
                _ = try await database.ask(
                    "UPDATE shop.ticket SET note = 'Note of ' || title, version = 2 WHERE business_id = $1::uuid",
                    [business.description], business: business)
            }
        }
        return shop
    }

    /// - Parameter column: Over a row; nil for no words at all.
    private static func expectWords(of shop: ChangingShop, _ table: String, _ column: String?) async throws {
        try await shop.asAdministrator { database in
            let there = try await database.ask(
                "SELECT entity || ' ' || word || ' ' || record_id FROM search.word ORDER BY 1"
            ).texts
            guard let column else { return #expect(there == []) }
            let wanted = try await database.ask(
                "SELECT DISTINCT 'shop.\(table) ' || w.word || ' ' || t.id FROM shop.\(table) t, "
                    + "LATERAL unnest(search.words(\(column))) w(word) ORDER BY 1"
            ).texts
            #expect(there == wanted)
            #expect(wanted.count > 20)
        }
    }
}
