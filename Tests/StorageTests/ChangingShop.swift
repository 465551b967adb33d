import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import Synchronization
import TestSupport
import Testing

/// A shop whose manifest changes, as a file of `Tests/Fixtures/Migrations` says, with records of two businesses.
struct ChangingShop: Sendable {
    let place: TestDatabase
    let before: ManifestSet
    let after: ManifestSet

    /// - Parameter rows: Tickets of each of two businesses.
    static func make(_ fixture: String, rows: Int = 3) async throws -> ChangingShop {
        let (before, after) = try manifests(fixture)
        let shop = ChangingShop(place: try await TestDatabase.fresh(), before: before, after: after)
        try await shop.asAdministrator { database in
            try await Migrator(database: database, observer: SilentObserver()).migrate(before)
            for business in Self.businesses {
                _ = try await database.ask(
                    "INSERT INTO businesses.business (id, name, industry, currency, time_zone, country) "
                        + "VALUES ($1::uuid, 'Shop', 'shop', 'USD', 'UTC', 'US')", [business.description])
                _ = try await database.ask(
                    "INSERT INTO shop.ticket (business_id, id, created_by, updated_by, title) "
                        + "SELECT $1::uuid, gen_random_uuid(), $1::uuid, $1::uuid, 'Ticket ' || n "
                        + "FROM generate_series(1, $2::int) n", [business.description, "\(rows)"], business: business)
            }
        }
        return shop
    }

    static let businesses = [1, 2].map { number in
        BusinessID(UUID(uuid: (1, 0x90, 0xF3, 0xF0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, UInt8(number))))
    }

    func asAdministrator(_ body: (Database) async throws -> Void) async throws {
        try await TestInstallation.withDatabase(place, as: .superuser, body)
    }

    /// Migrates to the manifest of now.
    func migrate(_ options: MigrationOptions = MigrationOptions()) async throws {
        try await asAdministrator { database in
            try await Migrator(database: database, observer: SilentObserver()).migrate(after, options: options)
        }
    }

    /// Stops after the n-th record of a step, as a process that is killed there.
    func migrate(_ options: MigrationOptions, stoppingAfter count: Int) async throws -> Bool {
        let left = Mutex(count)
        var options = options
        options.afterRecord = {
            try left.withLock { left in
                left -= 1
                if left == 0 { throw Killed() }
            }
        }
        do {
            try await migrate(options)
            return false
        } catch is Killed {
            return true
        }
    }

    private struct Killed: Error {}

    /// Everything that the catalogue says of the schema, in an order that doesn't depend on how it was made.
    func catalogue() async throws -> [String] {
        var lines: [String] = []
        try await asAdministrator { lines = try await $0.ask(SchemaText.statement("shop")).texts }
        return lines
    }

    static func manifests(_ fixture: String) throws -> (before: ManifestSet, after: ManifestSet) {
        let texts = try ShopManifest.texts(fixture)
        return (try set(texts.before, digest: "before"), try set(texts.after, digest: "after"))
    }

    private static func set(_ yaml: String, digest: String) throws -> ManifestSet {
        try ManifestSet.resolve([try ManifestParser.parse(yaml: yaml, file: "shop.yaml", digest: digest)])
    }
}
