package import HostModel
package import NIOPosix

/// One PostgreSQL database: a lane per event loop for units, and a pool for longer transactions.
package final class Database: Sendable {
    package let configuration: DatabaseConfiguration
    private let group: MultiThreadedEventLoopGroup
    private let observer: any Observer

    /// Has no side effects; ``start()`` connects.
    package init(
        configuration: DatabaseConfiguration, group: MultiThreadedEventLoopGroup, observer: any Observer
    ) {
        self.configuration = configuration
        self.group = group
        self.observer = observer
    }

    package func start() async throws(DatabaseError) {
        throw DatabaseError(.unavailable, detail: "not connected")
    }

    package func run(_ unit: DatabaseUnit) async throws(DatabaseError) -> [Rows] {
        throw DatabaseError(.unavailable, detail: "not connected")
    }

    package func transaction<T>(
        deadline: Duration, _ body: (DatabaseTransaction) async throws -> T
    ) async throws -> T {
        throw DatabaseError(.unavailable, detail: "not connected")
    }

    package func close() async {}
}
