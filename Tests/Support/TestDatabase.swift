import HostModel
package import HostPostgres
import NIOCore
import NIOPosix

/// An empty database of its own on the test process's private cluster, with the platform's two roles.
package struct TestDatabase: Sendable {
    /// As whom to connect.
    package enum Role: String, Sendable {
        /// The cluster's superuser.
        case superuser = "postgres"
        /// Owner of the database, and so of what migrations make.
        case owner = "thorbis_owner"
        /// What the host runs as: row-level security applies.
        case app = "thorbis_app"
    }

    package let name: String
    private let cluster: PrivateCluster

    /// Makes a new empty database; the cluster is started by the first call and ends with the process.
    package static func fresh() async throws -> TestDatabase {
        let cluster = try await TestCluster.shared.cluster()
        let name = await TestCluster.shared.nextName()
        try await TestCluster.administer(
            cluster, ["CREATE DATABASE \(name) OWNER \(Role.owner.rawValue) TEMPLATE template0"])
        return TestDatabase(name: name, cluster: cluster)
    }

    package func connectionString(as role: Role) -> String {
        cluster.connectionString(user: role.rawValue, database: name)
    }

    package func configuration(as role: Role) -> DatabaseConfiguration {
        DatabaseConfiguration(connectionString: connectionString(as: role))
    }

    /// Connects for the time of the body, with a few connections.
    package func connected(as role: Role, _ body: (Database) async throws -> Void) async throws {
        var configuration = configuration(as: role)
        configuration.poolSize = 4
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
}
