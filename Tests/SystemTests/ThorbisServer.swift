import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// The real binary, started with `thorbis up` on a free port and a data folder of its own.
///
/// Its standard input is a pipe from this process, so it stops when the tests end, however they end.
final class ThorbisServer: Sendable {
    let baseURL: URL
    let dataFolder: URL
    private let process: Process
    private let lifeline: FileHandle

    /// One server for all tests that don't need one of their own.
    static let shared = Task { try await ThorbisServer.start() }

    /// One server with every plugin of the project and those of `Tests/Fixtures/Gallery`, which are all manifest.
    static let gallery = Task {
        try await ThorbisServer.start(environment: ["THORBIS_MANIFESTS": try galleryManifests().path()])
    }

    /// A new folder with the project's manifests and the gallery's.
    static func galleryManifests() throws -> URL {
        let folder = temporaryFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for source in ["manifests", "Tests/Fixtures/Gallery"] {
            let files = try FileManager.default.contentsOfDirectory(
                at: root.appending(path: source), includingPropertiesForKeys: nil)
            for file in files where file.pathExtension == "yaml" {
                try FileManager.default.copyItem(at: file, to: folder.appending(path: file.lastPathComponent))
            }
        }
        return folder
    }

    private init(baseURL: URL, dataFolder: URL, process: Process, lifeline: FileHandle) {
        self.baseURL = baseURL
        self.dataFolder = dataFolder
        self.process = process
        self.lifeline = lifeline
    }

    /// The folder of the build that is tested: where the test bundle is, or `THORBIS_BUILD_DIR`.
    static var buildFolder: URL {
        if let folder = ProcessInfo.processInfo.environment["THORBIS_BUILD_DIR"] { return URL(filePath: folder) }
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let beside = URL(filePath: runner).deletingLastPathComponent()
        let isBundle = FileManager.default.fileExists(atPath: beside.appending(path: "thorbis").path())
        return isBundle ? beside : root.appending(path: ".build/debug")
    }

    /// The project's root folder.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Starts a server and waits, at most a minute, for its `ready` line.
    static func start(
        dataFolder: URL? = nil, environment: [String: String] = [:]
    ) async throws -> ThorbisServer {
        let folder = dataFolder ?? temporaryFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.deletingLastPathComponent().appending(path: folder.lastPathComponent + ".log")
        try Data().write(to: log)
        let process = Process()
        process.executableURL = buildFolder.appending(path: "thorbis")
        process.arguments = ["up", "--until-input-ends"]
        process.currentDirectoryURL = root
        let own = [
            "THORBIS_PORT": "0", "THORBIS_DATA": folder.path(), "THORBIS_RATE_LIMITS": "false",
            "THORBIS_PASSWORD_COST": "10",
            // Most tests look at one process: its counters, its plugins. FleetTests ask for two.
            "THORBIS_HOSTS": "1",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(environment) { $1 }
        let input = Pipe()
        process.standardInput = input
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let address = try await readyAddress(in: log, of: process)
        return ThorbisServer(
            baseURL: address, dataFolder: folder, process: process, lifeline: input.fileHandleForWriting)
    }

    /// Stops the server as Ctrl-C does and waits, at most 20 s, until it has ended.
    ///
    /// - Returns: Its exit code.
    func stop() async throws -> Int32 {
        process.interrupt()
        try await eventually(within: .seconds(20)) { self.process.isRunning ? nil : true }
        return process.terminationStatus
    }

    var processID: Int32 { process.processIdentifier }

    private static func readyAddress(in log: URL, of process: Process) async throws -> URL {
        try await eventually(within: .seconds(60)) {
            // Asked first: what it says at its end is then in the text.
            let isRunning = process.isRunning
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ready http://") }) {
                return URL(string: String(line.dropFirst("ready ".count)))
            }
            guard isRunning else { throw StartFailure(log: text) }
            return nil
        }
    }

    /// A port that nobody has, for a server that comes back on it.
    static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close().get()
        return port
    }

    static func temporaryFolder() -> URL {
        URL(filePath: "/tmp/thorbis-system-\(UUID().uuidString.prefix(8).lowercased())")
    }
}

struct StartFailure: Error, CustomStringConvertible {
    let log: String
    var description: String { "the server did not start; it said:\n\(log)" }
}

/// Asks again until there is an answer, every 20 ms, within a limit.
@discardableResult
func eventually<Answer>(within limit: Duration, _ ask: () async throws -> Answer?) async throws -> Answer {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if let answer = try await ask() { return answer }
        try await Task.sleep(for: .milliseconds(20))
    }
    return try #require(nil as Answer?, "nothing within \(limit)")
}
