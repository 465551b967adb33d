import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

/// Words of many records in one statement: the same as those of records written one by one.
struct SearchBatchTests {
    /// Some of more than 60 words, where the bounds of a record's words begin to count.
    private static let names =
        [
            "Ann Miller", "Anna Müller-Lüdenscheidt", "Siobhán O'Brien", "ŁUKASZ Żak", "Straße & Söhne", "Smith 000042",
            "東京 Plumbing", "Άννα", "½½", "ann ANN Ann", "+1 (555) 123-4567", "0033 698765432", "0000", "00", "7",
            "1234567 1234567890123456 12345678901234567890", String(repeating: "x", count: 90), "a’b c'd", "ﷺ ǅ ⅷ",
            "000001 01 10 0x1", "Zoë 0042 zoe", "e\u{301}te\u{301} été",
        ]
        + (1...12).map { count in
            (0..<(count * 7)).map { String(($0 + count) % 99) }.joined(separator: "0 ").prefix(190) + "x"
        } + [(1...66).map { String($0) }.joined(separator: " "), "name \u{1F600} face"]

    @Test func `the words of a file are those of single writes`() async throws {
        try await ImportFixture.make { fixture in
            let people = try People(fixture.installation, fixture.firm)
            var file = "display_name,email,phone\n"
            for (number, name) in Self.names.enumerated() {
                let (email, phone) = (
                    "n\(number)@example.com", number.isMultiple(of: 3) ? "+1555123\(1000 + number)" : nil
                )
                file += "\"\(name)\",\(email),\(phone ?? "")\n"
                _ = try await people.make(name, email: email, phone: phone)
            }
            #expect(try await fixture.imported(file).tally == "\(Self.names.count)/0/0/0")
            let unlike = try await fixture.ask(
                """
                SELECT p.email || ' ' || min(p.words::text) || ' ' || max(p.words::text) FROM (
                    SELECT p.email, ARRAY(SELECT w.word FROM search.word w WHERE w.record_id = p.id ORDER BY w.word)
                    FROM core.party p) AS p(email, words)
                GROUP BY p.email HAVING count(*) <> 2 OR count(DISTINCT p.words) <> 1
                """)
            #expect(unlike == [])
            let counts = try await fixture.ask("SELECT (count(*) > 60)::text FROM search.word GROUP BY record_id")
            #expect(counts.count == 2 * Self.names.count && counts.contains("true"))
        }
    }

    @Test func `a batch is found by its own business only`() async throws {
        try await ImportFixture.make { fixture in
            let other = try await fixture.installation.signUp("b@example.com")
            _ = try await People(fixture.installation, other).make("Name 1 elsewhere")
            let file = "display_name\n" + (1...30).map { "Name \($0)\n" }.joined()
            #expect(try await fixture.imported(file).tally == "30/0/0/0")
            #expect(try await People(fixture.installation, fixture.firm).names("name 7") == ["Name 7"])
            #expect(try await People(fixture.installation, other).names("name") == ["Name 1 elsewhere"])
            #expect(try await People(fixture.installation, other).names("name 7") == [])
        }
    }

    /// Words that a record of the same id left, in a time when nobody kept them.
    @Test func `words that are there already don't stop a batch`() async throws {
        try await TestInstallation.make { installation in
            let business = try await installation.signUp("ann@example.com").grant.business
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                _ = try await database.ask(
                    "INSERT INTO search.word VALUES ($1::uuid, 'core.party', 'name', md5('7')::uuid)",
                    [business.description])
            }
            _ = try await installation.database.ask(
                """
                INSERT INTO core.party (business_id, id, created_by, updated_by, display_name)
                SELECT $1::uuid, md5(n::text)::uuid, $1::uuid, $1::uuid, 'Name ' || n FROM generate_series(1, 25) n
                """, [business.description], business: business)
            let count = "SELECT count(*) || ' ' || count(DISTINCT (word, record_id)) FROM search.word"
            #expect(try await installation.database.ask(count, business: business).texts == ["50 50"])
        }
    }
}
