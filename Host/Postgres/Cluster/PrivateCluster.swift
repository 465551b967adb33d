import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of our own, reachable only through a Unix socket: for development and tests.
///
/// It runs as another user when we are root, since PostgreSQL refuses root, and it ends when we end, however we do.
/// Nobody but that user (and root) can reach the socket, so it asks for no password.
package final class PrivateCluster: Sendable {
    /// The cluster's superuser.
    package static let superuser = "postgres"

    private static let startTime = Duration.seconds(60)
    private static let stopTime = Duration.seconds(20)
    private static let logTailBytes = 2_000
    private static let watchPause = Duration.milliseconds(200)
    private static let attemptsMax = 50
    /// `sockaddr_un` holds 108 bytes, the last of them zero.
    private static let socketPathMax = 107
    private static let socketName = "/.s.PGSQL.5432"

    /// Has `data`, `server.log`, and `socket` unless the path is too long for one.
    package let dataFolder: String
    private let settings: [String: String]
    private let binaryFolders: [String]
    private let socketFolder: String
    private let server = Mutex<ServerChild?>(nil)

    /// Has no side effects.
    ///
    /// - Parameters:
    ///   - dataFolder: Absolute path; made on first start. Everything in it belongs to the cluster.
    ///   - settings: Server settings, such as `fsync: off`.
    ///   - binaryFolders: Where to look for `initdb` and `postgres` before the usual places.
    package init(dataFolder: String, settings: [String: String] = [:], binaryFolders: [String] = []) {
        self.dataFolder = dataFolder
        self.settings = settings
        self.binaryFolders = binaryFolders
        let inside = dataFolder + "/socket"
        // The same folder gives the same short name, so a restart finds the old socket and removes it.
        let hash = dataFolder.utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let isShort = (inside + Self.socketName).utf8.count <= Self.socketPathMax
        self.socketFolder = isShort ? inside : "/tmp/thorbis-\(geteuid())-\(String(hash, radix: 36))"
    }

    /// Creates the cluster if it isn't there and starts it; returns when it accepts connections.
    package func start() async throws(PrivateClusterError) {
        guard server.withLock({ $0?.exitStatus == nil && $0 != nil }) == false else { return }
        let account = try ServerAccount.choose()
        let binaries = try ServerBinaries.find(preferred: binaryFolders)
        if let obstacle = account.obstacle(on: dataFolder) {
            let detail = "\(obstacle): user \(account.user), who runs PostgreSQL, can't pass"
            throw PrivateClusterError(.folderUnusable, detail: detail)
        }
        try account.makeFolder(dataFolder)
        try account.makeFolder(socketFolder)
        try await createIfMissing(binaries, account)
        try await waitForPredecessor()
        let child = try await ServerChild.start(serve(binaries), as: account)
        server.withLock { $0 = child }
        try await waitUntilReady(child)
    }

    /// Starts the server again whenever it ends by itself, until the task is cancelled.
    ///
    /// PostgreSQL brings its processes back itself, but for the first one: whoever kills that ends the server.
    ///
    /// - Throws: What keeps it from starting, at the fiftieth attempt in a row.
    package func keepRunning() async throws(PrivateClusterError) {
        var attempts = 0
        while !Task.isCancelled {
            // Cancelled while it sleeps: the loop's condition sees it.
            try? await Task.sleep(for: Self.watchPause)
            guard !Task.isCancelled, server.withLock({ $0?.exitStatus }) != nil else { continue }
            do {
                try await start()
                attempts = 0
            } catch {
                // The processes that it left hold its memory until they see that it is gone.
                attempts += 1
                guard attempts < Self.attemptsMax || Task.isCancelled else { throw error }
            }
        }
    }

    /// Ends the server, with a checkpoint, and waits for it.
    package func stop() async {
        guard let child = server.withLock({ $0 }) else { return }
        child.signal(SIGINT)
        if await child.wait(atMost: Self.stopTime) == nil {
            child.signal(SIGQUIT)
            _ = await child.wait(atMost: Self.stopTime)
        }
        if socketFolder != dataFolder + "/socket" { unsafe rmdir(socketFolder) }
    }

    /// Ends the server at once, without a checkpoint, and blocks until it is gone: for `atexit` handlers.
    package func abandon() {
        guard let child = server.withLock({ $0 }) else { return }
        child.signal(SIGQUIT)
        for _ in 0..<1_000 where child.exitStatus == nil { usleep(5_000) }
    }

    /// How to reach one database of the cluster: a libpq `key=value` string.
    package func connectionString(user: String, database: String) -> String {
        "host=\(quoted(socketFolder)) port=5432 user=\(quoted(user)) dbname=\(quoted(database))"
    }

    private func quoted(_ value: String) -> String {
        "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    private var data: String { dataFolder + "/data" }
    private var log: String { dataFolder + "/server.log" }

    /// Made under another name first, so that a half made one is never taken for a cluster.
    private func createIfMissing(
        _ binaries: ServerBinaries, _ account: ServerAccount
    ) async throws(PrivateClusterError) {
        // Sound here and below: C borrows the strings for the time of the call.
        guard unsafe access(data + "/PG_VERSION", F_OK) != 0 else { return }
        let draft = data + ".new"
        // Missing, as it should be, or left by an attempt that was ended.
        try? FileManager.default.removeItem(atPath: draft)
        var arguments = ["-D", draft, "-U", Self.superuser, "-A", "trust", "-E", "UTF8", "--no-locale"]
        if settings["fsync"] == "off" { arguments.append("--no-sync") }
        let command = ServerChild.Command(
            path: binaries.initdb, arguments: arguments, folder: dataFolder, log: log, deathSignal: SIGKILL)
        let child = try await ServerChild.start(command, as: account)
        guard await child.wait(atMost: Self.startTime) == 0, unsafe rename(draft, data) == 0 else {
            child.signal(SIGKILL)
            throw failure("initdb")
        }
    }

    private func serve(_ binaries: ServerBinaries) -> ServerChild.Command {
        let fixed = ["listen_addresses": "", "port": "5432", "unix_socket_permissions": "0700"]
        let all = settings.merging(fixed) { $1 }.sorted { $0.key < $1.key }
        return ServerChild.Command(
            path: binaries.postgres,
            arguments: ["-D", data, "-k", socketFolder] + all.flatMap { ["-c", "\($0.key)=\($0.value)"] },
            folder: dataFolder, log: log, deathSignal: SIGINT)
    }

    /// A server whose owner was killed is on its way out; one with an owner isn't.
    private func waitForPredecessor() async throws(PrivateClusterError) {
        let end = ContinuousClock.now + Self.stopTime
        while let pid = lockFile.first.flatMap({ pid_t($0) }), isServer(pid) {
            guard ContinuousClock.now < end else {
                throw PrivateClusterError(.alreadyRunning, detail: "process \(pid) serves \(dataFolder)")
            }
            try await pause()
        }
    }

    private func isServer(_ pid: pid_t) -> Bool {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
        return target.map { $0.hasSuffix("/postgres") } ?? false
    }

    /// PostgreSQL writes `ready` into the last line of its lock file (pg_ctl waits for the same).
    private func waitUntilReady(_ child: ServerChild) async throws(PrivateClusterError) {
        let end = ContinuousClock.now + Self.startTime
        while true {
            let lines = lockFile
            if let pid = child.pid, lines.first == String(pid), lines.last?.hasPrefix("ready") == true { return }
            guard child.exitStatus == nil, ContinuousClock.now < end else {
                child.signal(SIGQUIT)
                throw failure("postgres")
            }
            try await pause()
        }
    }

    /// The lines of `postmaster.pid`; none while there is no such file.
    private var lockFile: [String] {
        let text = try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    private func pause() async throws(PrivateClusterError) {
        do {
            try await Task.sleep(for: .milliseconds(20))
        } catch {
            throw PrivateClusterError(.failed, detail: "cancelled")
        }
    }

    private func failure(_ program: String) -> PrivateClusterError {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return PrivateClusterError(.failed, detail: "\(program): \(text.suffix(Self.logTailBytes))")
    }
}
