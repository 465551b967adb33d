import Foundation
import HostModel
import HostPostgres
import NIOCore
import NIOPosix

/// A digest of all rows of one business, over every table of every schema, as the cluster's superuser sees them.
struct DatabaseDigest {
    private let database: Database

    /// Connects to a server's private cluster for the time of the body.
    static func withDigest(of server: ThorbisServer, _ body: (DatabaseDigest) async throws -> Void) async throws {
        try await withSuperuser(of: server) { try await body(DatabaseDigest(database: $0)) }
    }

    /// As ``withDigest(of:_:)``, for whatever a test has to do as the superuser.
    static func withSuperuser(of server: ThorbisServer, _ body: (Database) async throws -> Void) async throws {
        let cluster = PrivateCluster(dataFolder: server.dataFolder.appending(path: "postgres").path())
        var configuration = DatabaseConfiguration(
            connectionString: cluster.connectionString(user: PrivateCluster.superuser, database: "thorbis"))
        configuration.poolSize = 1
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let database = Database(configuration: configuration, group: group, observer: SilentObserver())
        do {
            try await database.start()
            try await body(database)
        } catch {
            await database.close()
            try await group.shutdownGracefully()
            throw error
        }
        await database.close()
        try await group.shutdownGracefully()
    }

    /// By table; tables without rows of the business are left out.
    func rows(of business: String) async throws -> [String: String] {
        let tables = try await ask(
            """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'business_id'
            WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
            """)
        let parts = tables.map { table in
            "SELECT '\(table)' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest "
                + "FROM \(table) t WHERE business_id = '\(business)'"
        }
        let found = try await ask(
            "SELECT name || ' ' || digest FROM (\(parts.joined(separator: " UNION ALL "))) d WHERE digest IS NOT NULL")
        return Dictionary(
            uniqueKeysWithValues: found.map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), String(parts[1]))
            })
    }

    /// Gives a business another tier; hosts hear of it no later than with the next sign-in.
    func setTier(_ tier: String, of business: String) async throws {
        _ = try await ask("UPDATE businesses.business SET tier = '\(tier)' WHERE id = '\(business)'")
    }

    /// Breaks what the host keeps: writes past it, with the triggers off.
    func write(_ statement: String) async throws {
        let past = "SELECT set_config('session_replication_role', 'replica', true)"
        let commands = [past, statement].map { SQLCommand(SQLStatement(name: nil, text: $0), []) }
        _ = try await database.run(DatabaseUnit(commands, deadline: .seconds(30)))
    }

    private func ask(_ text: String) async throws -> [String] {
        let command = SQLCommand(SQLStatement(name: nil, text: text), [])
        let rows = try await database.run(DatabaseUnit([command], deadline: .seconds(30)))[0]
        return (0..<rows.count).map { rows.text($0, 0) ?? "" }
    }
}
