import Foundation
import HostModel
import HostPostgres
import NIOCore
import NIOPosix

/// The one PostgreSQL server of this test process, with the platform's two roles. It ends with the process.
actor TestCluster {
    // The one shared thing of the tests: a server takes a second to make.
    static let shared = TestCluster()

    private static let prefix = "thorbis-test-"
    private var starting: Task<PrivateCluster, any Error>?
    private var databaseCount = 0

    /// The running cluster; the first call makes it.
    func cluster() async throws -> PrivateCluster {
        if let starting { return try await starting.value }
        // A task of its own, so that a caller who is cancelled doesn't take the others' cluster away.
        let task = Task {
            let cluster = try await Self.start()
            try await Self.administer(
                cluster,
                [
                    "CREATE ROLE \(TestDatabase.Role.owner.rawValue) LOGIN CREATEROLE",
                    "CREATE ROLE \(TestDatabase.Role.app.rawValue) LOGIN NOINHERIT",
                ])
            return cluster
        }
        starting = task
        return try await task.value
    }

    /// A name that no other database of this process has.
    func nextName() -> String {
        databaseCount += 1
        return "test_\(databaseCount)"
    }

    /// Runs statements one by one, as the superuser, outside a transaction.
    static func administer(_ cluster: PrivateCluster, _ statements: [String]) async throws {
        var configuration = DatabaseConfiguration(
            connectionString: cluster.connectionString(user: PrivateCluster.superuser, database: "postgres"))
        configuration.poolSize = 1
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let database = Database(configuration: configuration, group: group, observer: SilentObserver())
        do {
            try await database.start()
            for text in statements {
                let command = SQLCommand(SQLStatement(name: nil, text: text), [])
                _ = try await database.run(DatabaseUnit([command], deadline: .seconds(30)))
            }
        } catch {
            await database.close()
            try await group.shutdownGracefully()
            throw error
        }
        await database.close()
        try await group.shutdownGracefully()
    }

    private static func start() async throws -> PrivateCluster {
        removeLeftovers()
        let folder = "/tmp/\(prefix)\(getpid())"
        let settings = [
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "500",
            "shared_buffers": "64MB", "autovacuum": "off",
        ]
        let cluster = PrivateCluster(dataFolder: folder, settings: settings)
        AtExit.end(cluster, folder: folder)
        try await cluster.start()
        return cluster
    }

    /// Folders of test processes that were killed.
    private static func removeLeftovers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let pid = pid_t(name.dropFirst(prefix.count)), kill(pid, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(atPath: "/tmp/\(name)")
        }
    }
}
