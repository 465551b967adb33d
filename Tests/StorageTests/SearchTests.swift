import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// `q=` on people with names, e-mail addresses and numbers.
struct SearchTests {
    private static let people: [(name: String, email: String?, phone: String?)] = [
        ("Ann Miller", "ann.miller@example.com", "+15551234567"), ("Anna Müller-Lüdenscheidt", nil, "+33698765432"),
        ("Siobhán O'Brien", nil, nil), ("ŁUKASZ Żak", nil, nil), ("Straße & Söhne", "info@strasse.example", nil),
        ("Smith 000042", nil, nil), ("東京 Plumbing", nil, nil), ("Άννα", nil, nil),
    ]

    /// A search, and the people that it finds.
    private static let searches: [(query: String, found: [Int])] = [
        ("ann", [0, 1]), ("ANN mil", [0]), ("mil ann", [0]), ("muller", [1]), ("mÜLLER", [1]), ("ludensch", [1]),
        ("obrien", [2]), ("O’Brien", [2]), ("siobhan", [2]), ("lukasz zak", [3]), ("strasse", [4]), ("STRASSE", [4]),
        ("straße", [4]), ("ann.miller@example.com", [0]), ("@example", [0, 4]), ("42", [5]), ("000042", [5]),
        ("0042", [5]), ("東京", [6]), ("αννα", [7]), ("ΆΝΝΑ", [7]), ("ann muller plumbing", []),
        ("555 1234567", [0]), ("(555) 123-4567", [0]), ("+1 555 123 4567", [0]), ("123-4567", [0]), ("4567", [0]),
        ("06 98 76 54 32", [1]), ("0033698765432", [1]), ("33 6 99", []),
    ]

    /// Words that nobody has: one slip is forgiven.
    private static let slips: [(query: String, found: [Int])] = [
        ("milelr", [0]), ("smyth", [5]), ("plumbinh", [6]), ("plumbbing", [6]), ("mlller", [0, 1]),
        ("siobahn obrien", [2]), ("iller", [0]), ("anx", []), ("999999", []), ("xyzzy", []), ("smyth 43", []),
    ]

    @Test func `every word begins a word of the record, in any spelling, and one slip is forgiven`() async throws {
        try await TestInstallation.make { installation in
            let people = try People(installation, try await installation.signUp("ann@example.com"))
            for person in Self.people {
                _ = try await people.make(person.name, email: person.email, phone: person.phone)
            }
            for (query, found) in Self.searches + Self.slips {
                let names = try await people.names(query)
                #expect(names == found.map { Self.people[$0].name }, "\(query)")
            }
        }
    }

    @Test func `a change takes its old words with it, and archived records keep theirs`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let people = try People(installation, firm)
            let id = try await people.make("Old Name")
            _ = try await installation.storage.records.update(
                people.plan, id, version: 1, ["display_name": "New Name"], in: firm.scope, reach: .business)
            _ = try await installation.storage.records.update(
                people.plan, id, version: 2, ["notes": "old"], in: firm.scope, reach: .business)
            #expect(try await people.names("old") == [])
            #expect(try await people.names("new name") == ["New Name"])
            _ = try await installation.storage.records.archive(
                people.plan, id, version: 3, in: firm.scope, reach: .business)
            #expect(try await people.names("new") == [])
            #expect(try await people.names("new", ("filter[archived]", "true")) == ["New Name"])
            #expect(
                try await people.names("new", ("filter[archived]", "any"), ("updated_since", "2020-01-01T00:00:00Z"))
                    .count <= 1)
        }
    }

    @Test func `each business finds its own`() async throws {
        try await TestInstallation.make { installation in
            let firms = [
                try await installation.signUp("a@example.com"), try await installation.signUp("b@example.com"),
            ]
            for (number, firm) in firms.enumerated() {
                _ = try await People(installation, firm).make("Same \(number)")
            }
            #expect(try await People(installation, firms[0]).names("same") == ["Same 0"])
            #expect(try await People(installation, firms[1]).names("same") == ["Same 1"])
            // A word of the other business is no word here, nor a spelling of one.
            #expect(try await People(installation, firms[0]).names("same 1") == [])
            _ = try await People(installation, firms[1]).make("Elsewhere")
            #expect(try await People(installation, firms[0]).names("elsewhrre") == [])
        }
    }

    @Test(arguments: [
        "INSERT INTO search.word VALUES ($1::uuid, 'core.party', 'x', $1::uuid)", "DELETE FROM search.word",
        "UPDATE search.word SET word = 'x'", "TRUNCATE search.word", "ALTER TABLE core.party DISABLE TRIGGER ALL",
        "SET session_replication_role = replica", "SELECT search.add_words()",
    ]) func `nobody but the triggers writes words`(statement: String) async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            _ = try await People(installation, firm).make("Ann")
            let parameters = statement.contains("$1") ? [firm.grant.business.description] : []
            await #expect(throws: DatabaseError.self) {
                _ = try await installation.database.ask(statement, parameters, business: firm.grant.business)
            }
            #expect(try await People(installation, firm).names("ann") == ["Ann"])
        }
    }

    @Test func `a record has a bounded number of words, of a bounded length`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                """
                SELECT cardinality(search.words(string_agg('w' || n, ' '))) || ' ' ||
                    (cardinality(search.words(string_agg('1234567' || n, ' '))) BETWEEN 201 AND 300) || ' ' ||
                    (SELECT max(length(w)) FROM unnest(search.words(repeat('x', 9000))) w) || ' ' ||
                    cardinality(search.words('')) || ' ' || cardinality(search.words(' -- ')) || ' ' ||
                    cardinality(search.words(NULL))
                FROM generate_series(1, 3000) n
                """)
            #expect(rows.texts == ["200 true 40 0 0 0"])
        }
    }

    @Test func `however a term is looked for, it finds the same records`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let business = firm.grant.business
            _ = try await installation.database.ask(
                """
                INSERT INTO lists.author (business_id, id, created_by, updated_by, created_at, name, email)
                SELECT $1::uuid, md5(n::text)::uuid, $1::uuid, $1::uuid, now() - n * interval '1 second',
                    (ARRAY['Ann', 'Änne', 'Bob', 'O''Neil', 'Zoë 0042'])[1 + n % 5] || ' '
                        || (ARRAY['Smith', 'Smythe', 'Miller'])[1 + (n / 5) % 3] || ' ' || n, 'a' || n || '@example.com'
                FROM generate_series(1, 300) n
                """, [business.description], business: business)
            let plan = try installation.plan("lists", "author")
            let searches = [["ann"], ["smith", "12"], ["42"], ["oneil", "miller", "example"], ["a1"], ["nobody"]]
            for words in searches {
                let terms = SearchTerm.terms(of: words)
                var answers: [[String]] = []
                for counts in [[10, 20, 30], [5_000, 6_000, 7_000], [60_000, 60_000, 60_000], [100, 200, 60_000]] {
                    var query = ListQuery(limit: 200, sort: .init("name"), search: words.joined(separator: " "))
                    query.searchPlan = SearchPlan.plan(zip(terms, counts).map { ($0, Int64($1)) })
                    let command = plan.list(query, for: .business)
                    answers.append(
                        try await installation.database.ask(
                            command.statement.text, command.parameters, business: business
                        ).texts)
                }
                #expect(Set(answers).count == 1, "\(words)")
                #expect(answers[0].isEmpty == (words == ["nobody"]), "\(words)")
            }
        }
    }

    @Test func `the key of the words serves a search under row-level security`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let business = firm.grant.business
            _ = try await installation.database.ask(
                """
                INSERT INTO lists.author (business_id, id, created_by, updated_by, name)
                SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, 'Author ' || n FROM generate_series(1, 20000) n
                """, [business.description], business: business)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                _ = try await database.ask("ANALYZE lists.author, search.word")
            }
            let plan = try installation.plan("lists", "author")
            let terms = SearchTerm.terms(of: ["ann"])
            var query = ListQuery(search: "ann")
            query.searchPlan = SearchPlan.plan([(terms[0], 5)])
            let commands =
                plan.counts(of: terms) + [
                    try #require(plan.spellings(near: "smiht")), plan.list(query, for: .business),
                ]
            for command in commands {
                let text = try await installation.database.ask(
                    "EXPLAIN " + command.statement.text, command.parameters, business: business
                ).texts.joined(separator: "\n")
                #expect(text.contains("using word_pkey on word e"), "\(text)")
                #expect(text.contains("(word >= p.low) AND (word < p.high))"), "\(text)")
                #expect(!text.contains("Seq Scan") && !text.contains("Join Filter"), "\(text)")
                #expect(!text.contains("on author") || text.contains("using author_pkey on author c"), "\(text)")
            }
        }
    }

    @Test func `lines that are deleted take their words along`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            var maker = RecordMaker(installation, firm)
            let plugin = try #require(PluginID("lists"))
            let id = try await maker.record(.init(plugin: plugin, name: "chapter"))
            let count = "SELECT count(*)::text FROM search.word WHERE entity = 'lists.chapter'"
            #expect(try await installation.database.ask(count, business: firm.grant.business).texts != ["0"])
            _ = try await installation.database.ask(
                "DELETE FROM lists.chapter WHERE id = $1::uuid", [id.description], business: firm.grant.business)
            #expect(try await installation.database.ask(count, business: firm.grant.business).texts == ["0"])
        }
    }

    @Test func `a search for too little or too much says so`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let people = try People(installation, firm)
            for (text, code) in [("a", "too_short"), ("a b c d e f g h i", "too_many"), ("½½", "")] {
                let refused = await problem { _ = try await people.names(text) }
                #expect(refused?.faults.map(\.code) ?? [""] == [code], "\(text)")
            }
        }
    }
}

/// Parties of one business.
struct People {
    let installation: TestInstallation
    let firm: SignedUp
    let plan: EntityPlan

    init(_ installation: TestInstallation, _ firm: SignedUp) throws {
        self.installation = installation
        self.firm = firm
        plan = try installation.plan("core", "party")
    }

    func make(_ name: String, email: String? = nil, phone: String? = nil) async throws -> RecordID {
        var values: [String: JSONValue] = ["display_name": .string(name), "roles": ["customer"]]
        if let email { values["email"] = .string(email) }
        if let phone { values["phone"] = .string(phone) }
        let record = try await installation.storage.records.create(plan, values, in: firm.scope)
        return try #require(JSONParser.parse(record.json.bytes)["id"]?.string.flatMap { RecordID($0) })
    }

    /// Oldest first.
    func names(_ search: String, _ more: (String, String)...) async throws -> [String] {
        let parameters = [(name: "q", value: search)] + more.map { (name: $0.0, value: $0.1) }
        let query = try ListQuery.parse(parameters, for: plan)
        let page = try await installation.storage.records.list(plan, query, in: firm.scope, reach: .business)
        return try page.records.map { try JSONParser.parse($0.bytes)["display_name"]?.string ?? "" }.reversed()
    }
}
