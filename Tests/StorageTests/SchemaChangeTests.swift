import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// Changes of a manifest on a database with records.
struct SchemaChangeTests {
    static let contracting: MigrationOptions = {
        var options = MigrationOptions()
        options.contracts = true
        return options
    }()

    @Test(arguments: [
        "add_field", "add_entity", "add_check", "add_sort", "default_for_an_optional_field", "rename_entity",
        "rename_and_widen", "remove_field", "other_default", "many_at_once", "add_reference", "add_labels",
        "shorter_text", "add_search", "other_search", "rename_searched", "remove_search", "remove_searched",
    ]) func `a changed schema is the one that a new database would have`(fixture: String) async throws {
        let shop = try await ChangingShop.make(fixture)
        try await shop.migrate(Self.contracting)
        let fresh = ChangingShop(place: try await TestDatabase.fresh(), before: shop.before, after: shop.after)
        try await fresh.migrate()
        #expect(try await shop.catalogue() == fresh.catalogue())
    }

    @Test(arguments: ["many_at_once", "default_for_an_optional_field", "other_check"])
    func `a run that is stopped anywhere ends in the same schema`(fixture: String) async throws {
        let whole = try await ChangingShop.make(fixture)
        try await whole.migrate(Self.contracting)
        let expected = try await whole.catalogue()
        var count = 1
        while true {
            let shop = try await ChangingShop.make(fixture)
            guard try await shop.migrate(Self.contracting, stoppingAfter: count) else { break }
            try await shop.migrate(Self.contracting)
            #expect(try await shop.catalogue() == expected, "stopped after \(count) records")
            count += 1
        }
        #expect(count > 3)
    }

    @Test func `a run that is stopped after each step, again and again, gets to the end`() async throws {
        let whole = try await ChangingShop.make("many_at_once")
        try await whole.migrate(Self.contracting)
        let shop = try await ChangingShop.make("many_at_once")
        var runs = 0
        while try await shop.migrate(Self.contracting, stoppingAfter: 1) { runs += 1 }
        #expect(runs > 8)
        #expect(try await shop.catalogue() == whole.catalogue())
    }

    @Test func `two processes at once make each step once`() async throws {
        let shop = try await ChangingShop.make("many_at_once")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { try await shop.migrate() } }
            try await group.waitForAll()
        }
        try await shop.asAdministrator { database in
            let steps = try await database.ask(
                "SELECT summary FROM thorbis.migration_step WHERE summary NOT LIKE 'create %'"
            ).texts
            #expect(Set(steps).count == steps.count)
            #expect(steps.contains("build index ticket_title_key on shop.ticket"))
        }
    }

    @Test func `records get a default in batches, and only those that had no value`() async throws {
        let shop = try await ChangingShop.make("default_for_an_optional_field", rows: 25)
        try await shop.asAdministrator { database in
            _ = try await database.ask("UPDATE shop.ticket SET note = 'kept', version = 2 WHERE title = 'Ticket 7'")
        }
        var options = MigrationOptions()
        options.batchRows = 4
        try await shop.migrate(options)
        try await shop.asAdministrator { database in
            let notes = try await database.ask(
                "SELECT note || ' ' || version || ' ' || count(*) FROM shop.ticket GROUP BY note, version ORDER BY 1")
            #expect(notes.texts == ["kept 2 2", "none 2 48"])
        }
    }

    @Test(arguments: [
        ("fewer_enum_values", "UPDATE shop.ticket SET priority = 'high', version = 2", "TD2006"),
        ("required", "SELECT 1", "TD2006"),
        ("shorter_text", "UPDATE shop.ticket SET note = repeat('x', 150), version = 2", "TD2006"),
        ("fewer_statuses", "SELECT 1", ""),
        ("add_check", "UPDATE shop.ticket SET due = '2026-02-02', done_on = '2026-01-01', version = 2", "TD2008"),
        ("add_unique", "UPDATE shop.ticket SET title = 'x', due = '2026-01-01', version = 2", "TD2009"),
        ("fewer_transitions", held, "TD2007"), ("fewer_statuses", held, "TD2006"),
        ("add_required_field", "SELECT 1", "TD2005"), ("ambiguous_field", "SELECT 1", "TD2003"),
    ]) func `records in the way refuse a change and nothing is left of it`(
        fixture: String, statement: String, rule: String
    ) async throws {
        let shop = try await ChangingShop.make(fixture)
        try await shop.asAdministrator { _ = try await $0.ask(statement) }
        let before = try await shop.catalogue()
        do {
            try await shop.migrate()
            #expect(rule.isEmpty, "it should have been refused with \(rule)")
        } catch let error as MigrationError {
            #expect(!rule.isEmpty && error.description.contains(rule), "\(error)")
            #expect(error.description.contains("shop.yaml:"))
            #expect(try await shop.catalogue() == before)
        }
    }

    /// A ticket on hold, written past the triggers.
    private static let held = """
        DO $$ BEGIN
            PERFORM set_config('session_replication_role', 'replica', true);
            UPDATE shop.ticket SET status = 'held', version = 2 WHERE title = 'Ticket 1';
        END $$
        """

    @Test func `a large table is rewritten only when the operator says so`() async throws {
        let shop = try await ChangingShop.make("add_exclude")
        let before = try await shop.catalogue()
        var options = MigrationOptions()
        options.rewriteBytesMax = 8_192
        do {
            try await shop.migrate(options)
            Issue.record("a table above the limit was rewritten")
        } catch let error as MigrationError {
            #expect(error.code == .refused && error.description.contains("TD2010"), "\(error)")
            #expect(error.description.contains("--rewrite"))
        }
        #expect(try await shop.catalogue() == before)
        options.allowsRewrites = true
        try await shop.migrate(options)
        #expect(try await shop.catalogue() != before)
    }

    @Test func `data that keeps an invariant is no obstacle to it`() async throws {
        let shop = try await ChangingShop.make("add_invariant")
        try await shop.asAdministrator { database in
            _ = try await database.ask("UPDATE shop.ticket SET priority = 'high', due = now(), version = 2")
        }
        try await shop.migrate()
    }

    @Test func `the data of many businesses is looked through, and the one that is wrong is found`() async throws {
        let shop = try await ChangingShop.make("add_invariant")
        let wrong = "00000000-0000-7000-8000-000000000060"
        try await shop.asAdministrator { database in
            _ = try await database.ask(
                "INSERT INTO businesses.business (id, name, industry, currency, time_zone, country) "
                    + "SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Shop', 'shop', 'USD', "
                    + "'UTC', 'US' FROM generate_series(1, 70) n")
            _ = try await database.ask(
                "INSERT INTO shop.ticket (business_id, id, created_by, updated_by, title, priority) "
                    + "SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, 'Ticket', 'high'", [wrong])
        }
        let error = await #expect(throws: MigrationError.self) { try await shop.migrate() }
        #expect(error?.description.contains("business \(wrong): due_when_high is broken") == true, "\(error as Any)")
        try await shop.asAdministrator { database in
            _ = try await database.ask("UPDATE shop.ticket SET due = now(), version = 2 WHERE priority = 'high'")
        }
        try await shop.migrate()
    }

    @Test func `a refused invariant names business and rule, stays refused, and can be accepted`() async throws {
        let shop = try await ChangingShop.make("add_invariant")
        let business = ChangingShop.businesses[1]
        try await shop.asAdministrator { database in
            _ = try await database.ask(
                "UPDATE shop.ticket SET priority = 'high', version = 2 WHERE business_id = $1::uuid",
                [business.description])
        }
        for _ in 1...2 {
            do {
                try await shop.migrate()
                Issue.record("data that breaks an invariant was taken on")
            } catch let error as MigrationError {
                #expect(error.description.contains("TD2012") && error.description.contains("shop.yaml:"))
                #expect(error.description.contains("business \(business): due_when_high is broken"), "\(error)")
                #expect(!error.description.contains("business \(ChangingShop.businesses[0])"))
            }
        }
        var options = MigrationOptions()
        options.checksInvariants = false
        try await shop.migrate(options)
        // Taken on once, it is no change any more.
        try await shop.migrate()
    }

    @Test func `a table that somebody holds makes the migration give up, and requests don't queue`() async throws {
        let shop = try await ChangingShop.make("add_field")
        var options = MigrationOptions()
        options.lockTimeoutMilliseconds = 50
        options.lockTriesMax = 3
        options.lockPause = .milliseconds(1)
        try await shop.asAdministrator { database in
            try await database.transaction(deadline: .seconds(60)) { reader in
                let read = SQLCommand(SQLStatement(name: nil, text: "SELECT count(*) FROM shop.ticket"), [])
                _ = try await reader.execute(read)
                await #expect {
                    try await shop.migrate(options)
                } throws: { error in
                    (error as? MigrationError)?.code == .tableHeld
                }
                #expect(try await database.ask("SELECT count(*) FROM shop.ticket").texts == ["6"])
            }
        }
        try await shop.migrate(options)
    }

    @Test func `an index that a broken build left behind is built anew`() async throws {
        let shop = try await ChangingShop.make("add_unique")
        try await shop.asAdministrator { database in
            _ = try await database.ask("UPDATE shop.ticket SET title = 'x', due = '2026-01-01', version = 2")
            let build =
                "CREATE UNIQUE INDEX CONCURRENTLY ticket_title_due_key ON shop.ticket (business_id, title, due)"
            await #expect(throws: DatabaseError.self) { _ = try await database.ask(build) }
            let states = try await database.ask(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop.ticket_title_due_key'::regclass"
            ).texts
            #expect(states == ["f"])
            _ = try await database.ask("UPDATE shop.ticket SET title = id::text, version = 3")
        }
        try await shop.migrate()
        #expect(
            try await shop.catalogue().contains {
                $0.hasPrefix("index") && $0.contains("title_due_key") && $0.hasSuffix("true")
            })
    }

    @Test(arguments: [
        "add_field", "remove_field", "longer_text", "more_transitions", "default_for_an_optional_field", "add_search",
        "remove_search",
    ])
    func `statements of the former manifest work after the change`(fixture: String) async throws {
        let shop = try await ChangingShop.make(fixture)
        try await shop.migrate()
        try await withFormerHost(of: shop) { storage, plan, scope in
            let made = try await storage.records.create(plan, ["title": "New"], in: scope)
            let json = try JSONParser.parse(made.json.bytes)
            let id = try #require(json["id"]?.string.flatMap { RecordID($0) })
            let changed = try await storage.records.update(
                plan, id, version: 1, ["title": "Newer"], in: scope, reach: .business)
            #expect(changed.version == 2)
            #expect(try await storage.records.read(plan, id, in: scope, reach: .business).version == 2)
            #expect(try await storage.records.list(plan, ListQuery(), in: scope, reach: .business).records.count == 4)
        }
    }

    @Test func `statements that name what was renamed are refused as those of an outdated host`() async throws {
        let shop = try await ChangingShop.make("rename_field")
        try await shop.migrate()
        try await withFormerHost(of: shop) { storage, plan, scope in
            await #expect {
                _ = try await storage.records.list(plan, ListQuery(), in: scope, reach: .business)
            } throws: { error in
                let problem = error as? Problem
                return problem?.code == .unavailable && problem?.retryAfter != nil
            }
        }
    }

    /// A host that still has the manifest of before, on a database that has moved on.
    private func withFormerHost(
        of shop: ChangingShop, _ body: (Storage, EntityPlan, TenantScope) async throws -> Void
    ) async throws {
        let business = ChangingShop.businesses[0]
        let manifest = try #require(shop.before.manifests.first)
        let reference = EntityReference(plugin: manifest.id, name: "ticket")
        let plan = try #require(EntityPlan(reference, in: shop.before))
        try await TestInstallation.withDatabase(shop.place, as: .app) { database in
            let clock = SteppedClock()
            let storage = Storage(
                directory: BusinessDirectory(home: database), manifests: shop.before,
                cursorSeal: CursorSeal(key: Array(repeating: 7, count: 32)), credentials: CredentialCache(),
                clock: clock, observer: SilentObserver())
            let principal = Principal(
                business: business, user: UserID(business.uuid), session: SessionID(business.uuid), roles: [],
                permissions: .none, tier: .starter, expires: clock.now() + .seconds(900))
            try await body(storage, plan, TenantScope(principal, request: nil))
        }
    }
}
