import HostManifest
import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

struct InvariantTests {
    @Test func `planted violations are found, kept and shown to their business alone`() async throws {
        try await TestInstallation.make { installation in
            let good = try await installation.signUp("good@example.com")
            let bad = try await installation.signUp("bad@example.com")
            let business = bad.grant.business
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                for statement in Self.planted { _ = try await database.ask(statement, [business.description]) }
                let manifests = try TestManifests.all()
                let runner = InvariantRunner(database: database)
                let found = try await runner.check(business, manifests)
                #expect(found.filter { $0.rows != 0 }.map(\.invariant.name) == Self.broken)
                #expect(found.first?.samples == "[\"01920000-0000-7000-8000-000000000002\"]")
                let fine = try await runner.check(good.grant.business, manifests)
                #expect(fine.count == found.count && fine.allSatisfy { $0.rows == 0 && $0.failure == nil })
                #expect(try await Set(runner.businesses(after: nil, size: 9)) == [business, good.grant.business])
            }
            let shown = try await installation.storage.invariants.list(in: bad.scope)
            let rows = try shown.map { try JSONParser.parse($0.bytes) }
            let named = rows.filter { $0["holds"] == false }.compactMap { $0["invariant"]?.string }
            #expect(named.sorted() == Self.broken.sorted())
            let others = try await installation.storage.invariants.list(in: good.scope)
            #expect(try others.allSatisfy { try JSONParser.parse($0.bytes)["holds"] == true })
        }
    }

    /// Written past the host, with triggers off, as a bug or an administrator would.
    private static let planted = [
        "SELECT set_config('session_replication_role', 'replica', false), $1",
        """
        INSERT INTO core.party (business_id, id, created_by, updated_by, display_name)
        VALUES ($1::uuid, '%1', $1::uuid, $1::uuid, 'Ada')
        """,
        """
        INSERT INTO core.payment (business_id, id, created_by, updated_by, method, amount_minor, currency, received_at)
        VALUES ($1::uuid, '%2', $1::uuid, $1::uuid, 'cash', 100, 'USD', now())
        """,
        """
        INSERT INTO core.invoice (business_id, id, created_by, updated_by, party_id, party_name, currency, status,
            total_minor, balance_minor)
        VALUES ($1::uuid, '%3', $1::uuid, $1::uuid, '%1', 'Ada', 'USD', 'partially_paid', 500, 200)
        """,
        """
        INSERT INTO core.allocation (business_id, id, created_by, updated_by, payment_id, invoice_id, amount_minor)
        VALUES ($1::uuid, '%4', $1::uuid, $1::uuid, '%2', '%3', 150)
        """,
        """
        INSERT INTO hs.work_order (business_id, id, created_by, updated_by, party_id, service_location_id, summary,
            status, tax_minor)
        VALUES ($1::uuid, '%5', $1::uuid, $1::uuid, '%1', '%1', 'Leak', 'paid', 7)
        """,
    ].map { text in
        (1...5).reduce(text) { text, number in
            text.replacing("%\(number)", with: "01920000-0000-7000-8000-00000000000\(number)")
        }
    }

    private static let broken = [
        "payment_over_allocated", "invoice_balance", "invoice_line_sums", "issued_without_number",
        "work_order_line_sums", "completed_without_time", "invoiced_without_invoice",
    ]

    @Test(arguments: [
        "SELECT set_config('thorbis.business_id', '01920000-0000-7000-8000-000000000001', true)",
        "SELECT set_config('role', 'thorbis_owner', true)",
        "SELECT email FROM users.\"user\"", "DELETE FROM core.party", "SELECT password_hash FROM auth.credential",
        "CREATE TEMP TABLE mine (a int)", "SELECT pg_read_file('/etc/passwd')", "SET LOCAL ROLE thorbis_owner",
    ]) func `the checking role can do nothing but read the plugins' tables`(statement: String) async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("a@example.com")
            try await TestInstallation.withDatabase(installation.place, as: .owner) { database in
                await #expect(throws: DatabaseError.self) {
                    try await database.transaction(deadline: .seconds(10)) { transaction in
                        for text in [
                            "SELECT set_config('thorbis.business_id', '\(firm.grant.business)', true)",
                            "SET LOCAL ROLE thorbis_check",
                        ] { _ = try await transaction.execute(Self.command(text)) }
                        _ = try await transaction.execute(Self.command("SELECT count(*) FROM core.party"))
                        _ = try await transaction.execute(Self.command(statement))
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("select id from shop.nothing", "nothing"), ("select id from core.party", "core"),
        ("select nickname from shop.ticket", "nickname"),
    ]) func `an invariant that can't be run is refused before the plugin is active`(
        sql: String, word: String
    ) async throws {
        let (before, _) = try ChangingShop.manifests("add_field")
        let shop = try #require(before.manifests.first)
        let broken = Manifest(
            id: shop.id, name: shop.name, version: shop.version, pluginAPI: shop.pluginAPI, requires: [],
            features: shop.features, limits: [], entities: shop.entities, mounts: [], operations: [], roles: [],
            publishes: [], subscriptions: [], digest: "d3",
            invariants: [Invariant(name: "wrong", title: "Wrong", sql: sql)])
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            try await migrator.migrate(try TestManifests.all())
            await #expect {
                try await migrator.migrate(try ManifestSet.resolve([broken]))
            } throws: { error in
                (error as? MigrationError)?.code == .refused && "\(error)".contains(word)
            }
        }
    }

    private static func command(_ text: String) -> SQLCommand {
        SQLCommand(SQLStatement(name: nil, text: text), [])
    }
}
