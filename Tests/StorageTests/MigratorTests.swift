import HostManifest
import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

struct MigratorTests {
    @Test func `a second run changes nothing`() async throws {
        let place = try await TestDatabase.fresh()
        let manifests = try TestManifests.all()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            try await migrator.migrate(manifests)
            let before = try await database.ask("SELECT applied_at::text FROM thorbis.migration ORDER BY id").texts
            try await migrator.migrate(manifests)
            let after = try await database.ask("SELECT applied_at::text FROM thorbis.migration ORDER BY id").texts
            #expect(before == after)
            #expect(after.count == PlatformMigrations.all.count)
        }
    }

    @Test func `hosts that start at once apply each step once`() async throws {
        let place = try await TestDatabase.fresh()
        let manifests = try TestManifests.all()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await migrator.migrate(manifests) } }
                try await group.waitForAll()
            }
        }
    }

    @Test func `an edited step is refused`() async throws {
        let place = try await TestDatabase.fresh()
        let none = try ManifestSet.resolve([])
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            let first = Migration(id: 1, name: "First", statements: ["CREATE SCHEMA one"])
            try await migrator.migrate(none, platform: [first])
            let edited = Migration(id: 1, name: "First", statements: ["CREATE SCHEMA two"])
            await #expect {
                try await migrator.migrate(none, platform: [edited])
            } throws: { error in
                (error as? MigrationError)?.code == .checksumDiffers
            }
            let schemas = try await database.ask("SELECT nspname FROM pg_namespace WHERE nspname = 'two'")
            #expect(schemas.count == 0)
        }
    }

    @Test func `a database of a newer host is refused`() async throws {
        let place = try await TestDatabase.fresh()
        let none = try ManifestSet.resolve([])
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            let first = Migration(id: 1, name: "First", statements: ["CREATE SCHEMA one"])
            let second = Migration(id: 2, name: "Second", statements: ["CREATE SCHEMA two"])
            try await migrator.migrate(none, platform: [first, second])
            await #expect {
                try await migrator.migrate(none, platform: [first])
            } throws: { error in
                (error as? MigrationError)?.code == .databaseIsNewer
            }
        }
    }

    @Test func `a step that fails leaves nothing behind`() async throws {
        let place = try await TestDatabase.fresh()
        let none = try ManifestSet.resolve([])
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            let broken = Migration(id: 1, name: "Broken", statements: ["CREATE SCHEMA one", "CREATE TABLE"])
            await #expect(throws: DatabaseError.self) { try await migrator.migrate(none, platform: [broken]) }
            let schemas = try await database.ask("SELECT nspname FROM pg_namespace WHERE nspname = 'one'")
            #expect(schemas.count == 0)
            let steps = try await database.ask("SELECT id FROM thorbis.migration")
            #expect(steps.count == 0)
        }
    }

    @Test func `another digest with the same tables is taken`() async throws {
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            try await migrator.migrate(ManifestSet.resolve([try TestManifests.manifest("core", digest: "d1")]))
            try await migrator.migrate(ManifestSet.resolve([try TestManifests.manifest("core", digest: "d2")]))
            let digests = try await database.ask("SELECT manifest_digest FROM thorbis.plugin_schema").texts
            #expect(digests == ["d2"])
        }
    }

    @Test func `tables of a release that kept no model are taken when the manifest is theirs`() async throws {
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            let core = try TestManifests.manifest("core")
            try await migrator.migrate(ManifestSet.resolve([core]))
            _ = try await database.ask("UPDATE thorbis.plugin_schema SET model = NULL")
            try await migrator.migrate(ManifestSet.resolve([core]))
            let known = try await database.ask("SELECT model IS NOT NULL FROM thorbis.plugin_schema").texts
            #expect(known == ["t"])
        }
    }

    @Test func `tables that nobody described are refused when the manifest is another one`() async throws {
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let migrator = Migrator(database: database, observer: SilentObserver())
            let core = try TestManifests.manifest("core")
            try await migrator.migrate(ManifestSet.resolve([core]))
            _ = try await database.ask("UPDATE thorbis.plugin_schema SET model = NULL")
            let fewer = Manifest(
                id: core.id, name: core.name, version: core.version, pluginAPI: core.pluginAPI, requires: [],
                features: core.features, limits: [], entities: Array(core.entities.prefix(1)), mounts: [],
                operations: [], roles: core.roles, publishes: [], subscriptions: [], digest: "d2")
            await #expect {
                try await migrator.migrate(ManifestSet.resolve([fewer]))
            } throws: { error in
                (error as? MigrationError)?.code == .pluginSchemaDiffers
            }
        }
    }

    @Test func `manifests that ask for what no schema may have are refused before the first statement`() async throws {
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let yaml = """
                apiVersion: thorbis.dev/v1
                id: shop
                name: Shop
                version: 1.0.0
                pluginAPI: ">=1.0 <2.0"
                entities:
                  item:
                    route: items
                    fields:
                      price_minor: {type: text, max: 20}
                """
            let manifests = try ManifestSet.resolve([
                try ManifestParser.parse(yaml: yaml, file: "shop.yaml", digest: "d1")
            ])
            let migrator = Migrator(database: database, observer: SilentObserver())
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate(manifests) }
            #expect(error?.code == .refused)
            #expect(error?.description.contains("shop.yaml:10:7: TD1009: shop.item.price_minor") == true)
            let schemas = try await database.ask(
                "SELECT nspname FROM pg_namespace WHERE nspname IN ('thorbis', 'shop', 'businesses')")
            #expect(schemas.texts == [])
        }
    }
}
