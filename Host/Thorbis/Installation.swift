import Crypto
import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostStorage
import NIOCore
import NIOPosix

/// The database of one installation: the private cluster in the data folder, or one that the operator runs.
struct Installation: Sendable {
    /// For migrations and the operator's commands: may make roles.
    let administratorAddress: String
    /// What the host process gets: the runtime role, to which row-level security applies.
    let runtimeAddress: String
    private let cluster: PrivateCluster?

    private static let database = "thorbis"

    /// Starts the private cluster, or takes the operator's database as it is.
    ///
    /// - Throws: ``CommandFailure`` with exit code 3 that says what the machine lacks.
    static func start(settings: Settings, data: DataFolder) async throws -> Installation {
        if let address = settings.databaseURL {
            let password = try RuntimePassword.kept(in: data)
            let installation = Installation(
                administratorAddress: address, runtimeAddress: password.address(from: address), cluster: nil)
            return installation
        }
        let cluster = try await startedCluster(below: data)
        try await createDatabase(in: cluster)
        return at(cluster)
    }

    /// The private cluster's addresses, whether it runs or not.
    static func at(_ cluster: PrivateCluster) -> Installation {
        Installation(
            administratorAddress: cluster.connectionString(user: PrivateCluster.superuser, database: database),
            runtimeAddress: cluster.connectionString(user: "thorbis_app", database: database), cluster: cluster)
    }

    /// Where the cluster of a data folder is.
    ///
    /// PostgreSQL refuses root and runs as another user then. Where that user can't reach the data folder (one below
    /// `/root`, say), the cluster is in `/var/lib/thorbis`, under a name that the data folder's path gives.
    static func cluster(below data: DataFolder, isReachable: Bool = true) -> PrivateCluster {
        if isReachable { return PrivateCluster(dataFolder: data.url.appending(path: "postgres").path()) }
        let digest = SHA256.hash(data: Array(data.url.path().utf8))
        let name = digest.prefix(8).map { String($0, radix: 36) }.joined()
        return PrivateCluster(dataFolder: "/var/lib/thorbis/\(name)")
    }

    /// For a command while the server runs: the operator's database, or the private cluster of the data folder.
    static func administratorAddress(settings: Settings) throws -> String {
        try settings.databaseURL ?? at(presentCluster(below: DataFolder(settings.dataFolder))).administratorAddress
    }

    /// The cluster that an earlier start made.
    static func presentCluster(below data: DataFolder) -> PrivateCluster {
        let folder = data.url.appending(path: "postgres/data")
        return cluster(below: data, isReachable: FileManager.default.fileExists(atPath: folder.path()))
    }

    func stop() async {
        await cluster?.stop()
    }

    /// Brings a private database back that was killed, until the task is cancelled; an operator's looks after itself.
    func keepRunning() async throws {
        guard let cluster else {
            while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
            return
        }
        try await cluster.keepRunning()
    }

    /// Brings the schemas to what the manifests ask for; the platform's alone for none.
    static func migrate(_ manifests: ManifestSet, at address: String, options: MigrationOptions) async throws {
        try await withDatabase(address) { database in
            do {
                try await Migrator(database: database, observer: SilentObserver()).migrate(manifests, options: options)
            } catch let error as MigrationError where error.code == .refused {
                throw CommandFailure.findings("the database can't be migrated: \(error)")
            } catch let error as MigrationError {
                throw CommandFailure.environment("the database can't be migrated: \(error)")
            } catch let error as DatabaseError {
                throw CommandFailure.environment("the database refused a step of the migration: \(error.detail)")
            }
        }
    }

    /// Lets the host log in to an operator's database; the private cluster asks for no password.
    func openToRuntimeRole(data: DataFolder) async throws {
        guard cluster == nil else { return }
        let password = try RuntimePassword.kept(in: data)
        try await withDatabase(administratorAddress) { database in
            try await OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver())
                .setRuntimePassword(password.text)
        }
    }

    private static func startedCluster(below data: DataFolder) async throws -> PrivateCluster {
        let cluster = cluster(below: data)
        do {
            try await cluster.start()
            return cluster
        } catch  where error.code == .folderUnusable && geteuid() == 0 {
            let elsewhere = Self.cluster(below: data, isReachable: false)
            do {
                try FileManager.default.createDirectory(atPath: "/var/lib/thorbis", withIntermediateDirectories: true)
                try await elsewhere.start()
            } catch {
                throw CommandFailure.environment("the private PostgreSQL can't be started: \(error)")
            }
            printError(
                "thorbis: PostgreSQL's user can't reach \(data.url.path()); its files are in \(elsewhere.dataFolder)")
            return elsewhere
        } catch {
            throw CommandFailure.environment("the private PostgreSQL can't be started: \(error)")
        }
    }

    private static func createDatabase(in cluster: PrivateCluster) async throws {
        let maintenance = cluster.connectionString(user: PrivateCluster.superuser, database: "postgres")
        try await withDatabase(maintenance) { server in
            let wanted = "SELECT FROM pg_database WHERE datname = '\(database)'"
            if try await server.run(DatabaseUnit([command(wanted)], deadline: .seconds(10)))[0].count == 1 { return }
            _ = try await server.run(DatabaseUnit([command("CREATE DATABASE \(database)")], deadline: .seconds(60)))
        }
    }

    private static func command(_ text: String) -> SQLCommand { SQLCommand(SQLStatement(name: nil, text: text), []) }
}

/// The runtime role's password on an operator's database: made once, kept in the data folder.
struct RuntimePassword {
    let text: String

    static func kept(in data: DataFolder) throws -> RuntimePassword {
        let secret = try data.secret("runtime-password")
        return RuntimePassword(text: secret.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    /// The operator's address with the runtime role in place of its user; later settings win in libpq.
    func address(from address: String) -> String {
        let isURL = address.hasPrefix("postgresql://") || address.hasPrefix("postgres://")
        guard isURL else { return "\(address) user=thorbis_app password=\(text)" }
        return "\(address)\(address.contains("?") ? "&" : "?")user=thorbis_app&password=\(text)"
    }
}

/// Opens a database for one command, on an event loop of its own.
func withDatabase<Result: Sendable>(
    _ address: String, _ body: (Database) async throws -> Result
) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    var configuration = DatabaseConfiguration(connectionString: address)
    // An index of a large table takes its time.
    configuration.statementTimeout = .seconds(6 * 3_600)
    let database = Database(configuration: configuration, group: group, observer: SilentObserver())
    do {
        do throws(DatabaseError) {
            try await database.start()
        } catch {
            throw CommandFailure.environment("the database can't be reached: \(error.detail)")
        }
        let result = try await body(database)
        await database.close()
        try await group.shutdownGracefully()
        return result
    } catch {
        await database.close()
        try? await group.shutdownGracefully()
        throw error
    }
}

/// Opens the database of this installation, as its administrator, for one command that checks it against the manifests:
/// those with the candidate, while one is rolled out.
func withAdministeredDatabase<Result: Sendable>(
    _ body: (Database, ManifestSet) async throws -> Result
) async throws -> Result {
    let settings = try await Settings.load()
    return try await withDatabase(try Installation.administratorAddress(settings: settings)) { database in
        try await body(database, try await DesiredInstallation.widest(settings, database))
    }
}
