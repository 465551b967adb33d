import Configuration
import Foundation
import HostAuth
import HostGateway
import HostPlugins
import SystemPackage

/// What the environment and `thorbis.yaml` say, with the defaults for what they leave out.
///
/// The environment wins. `THORBIS_PORT` is `thorbis: {port: …}` in the file, `DATABASE_URL` is `database: {url: …}`.
struct Settings: Sendable {
    /// Where to listen; 0 takes any free port.
    let port: Int
    let host: String
    /// The folder of the private cluster, keys and demo sign-ins.
    let dataFolder: URL
    /// `DATABASE_URL`: for `up` and the operator's commands an administrator's, for `serve` the runtime role's; nil for
    /// the private cluster.
    let databaseURL: String?
    /// Event loops, each with one database lane; nil when nobody chose.
    private let chosenWorkers: Int?
    let manifestFolder: URL
    /// Where the plugins' libraries are: beside the executable unless set.
    let pluginFolder: URL
    /// The list of trusted keys; nil for the data folder's.
    let trustFile: URL?
    /// scrypt's cost for passwords, as a power of two of its N.
    let passwordCost: Int
    /// Off for load tests: one client then stands for many.
    let limitsRates: Bool
    /// Whether every request is logged; errors always are.
    let logsRequests: Bool
    /// How many imports this host works on at once; 0 leaves them to other hosts.
    let importWorkers: Int
    /// Resident bytes beyond which a host is replaced; nil for no bound.
    let memoryMax: Int?
    /// Bytes of answers that a host keeps in memory; nil to ask the database each time.
    let readCacheBytesMax: Int?
    /// Host processes that `up` runs on one socket.
    let hosts: Int
    /// How long a reload is watched, and may be taken back; zero for not at all.
    let reloadWatch: Duration
    /// Generations of plugins that a host may map, retired ones included.
    let generationsMax: Int
    /// The least time between two hand-overs that hosts ask for.
    let handOverPause: Duration

    static let hostsMax = 16

    /// Reads the settings of this process.
    ///
    /// - Throws: ``CommandFailure`` with exit code 2 for a value that makes no sense.
    static func load() async throws -> Settings {
        let file = try await FileProvider<YAMLSnapshot>(filePath: FilePath("thorbis.yaml"), allowMissing: true)
        let reader = ConfigReader(providers: [EnvironmentVariablesProvider(), file])
        let platform = reader.scoped(to: "thorbis")
        let port = platform.int(forKey: "port", default: 8080)
        guard (0...65_535).contains(port) else {
            throw CommandFailure.usage("THORBIS_PORT is \(port); a port is 0 to 65535.")
        }
        let workers = platform.int(forKey: "workers")
        if let workers, !(1...64).contains(workers) {
            throw CommandFailure.usage("THORBIS_WORKERS is \(workers); give 1 to 64.")
        }
        let cost = platform.int(forKey: "password.cost", default: 15)
        guard (10...20).contains(cost) else {
            throw CommandFailure.usage("THORBIS_PASSWORD_COST is \(cost); give 10 to 20, and 15 or more in production.")
        }
        let importWorkers = platform.int(forKey: "import.workers", default: 1)
        guard (0...8).contains(importWorkers) else {
            throw CommandFailure.usage("THORBIS_IMPORT_WORKERS is \(importWorkers); give 0 to 8.")
        }
        let hosts = platform.int(forKey: "hosts", default: 2)
        guard (1...hostsMax).contains(hosts) else {
            throw CommandFailure.usage("THORBIS_HOSTS is \(hosts); give 1 to \(hostsMax).")
        }
        let megabytes = platform.int(forKey: "memory.max", default: 0)
        guard (0...1_048_576).contains(megabytes) else {
            throw CommandFailure.usage("THORBIS_MEMORY_MAX is \(megabytes); give megabytes, 0 for no bound.")
        }
        let watch = platform.int(forKey: "reload.watch", default: 60)
        guard (0...3_600).contains(watch) else {
            throw CommandFailure.usage("THORBIS_RELOAD_WATCH is \(watch); give seconds, at most 3600, 0 for no watch.")
        }
        let generations = platform.int(forKey: "generations.max", default: GenerationBudget.countMax)
        guard (4...GenerationBudget.countMax).contains(generations) else {
            throw CommandFailure.usage(
                "THORBIS_GENERATIONS_MAX is \(generations); give 4 to \(GenerationBudget.countMax).")
        }
        let pause = platform.int(forKey: "handover.pause", default: 300)
        guard (0...86_400).contains(pause) else {
            throw CommandFailure.usage("THORBIS_HANDOVER_PAUSE is \(pause); give seconds, at most 86400.")
        }
        return Settings(
            port: port, host: platform.string(forKey: "host", default: "127.0.0.1"),
            dataFolder: folder(platform.string(forKey: "data", default: ".thorbis")),
            databaseURL: reader.string(forKey: "database.url", isSecret: true), chosenWorkers: workers,
            manifestFolder: folder(platform.string(forKey: "manifests", default: "manifests")),
            pluginFolder: platform.string(forKey: "plugins").map(folder) ?? executableFolder,
            trustFile: platform.string(forKey: "trust").map { URL(filePath: $0).absoluteURL }, passwordCost: cost,
            limitsRates: platform.bool(forKey: "rate.limits", default: true),
            logsRequests: platform.bool(forKey: "request.log", default: true), importWorkers: importWorkers,
            memoryMax: megabytes == 0 ? nil : megabytes << 20,
            readCacheBytesMax: try readCacheBytesMax(platform), hosts: hosts, reloadWatch: .seconds(watch),
            generationsMax: generations, handOverPause: .seconds(pause))
    }

    private static func readCacheBytesMax(_ platform: ConfigReader) throws -> Int? {
        let megabytes = platform.int(forKey: "read.cache.mb", default: ReadCache.defaultBytesMax >> 20)
        guard (0...4_096).contains(megabytes) else {
            throw CommandFailure.usage("THORBIS_READ_CACHE_MB is \(megabytes); give 0 to 4096, 0 for no cache.")
        }
        return megabytes == 0 ? nil : megabytes << 20
    }

    /// Event loops of a host that serves alone.
    var workers: Int { chosenWorkers ?? Self.workers(ofEachOf: 1) }

    /// Event loops of each host that `up` runs: together as many as there are cores. More of them would only take the
    /// cores from each other and from PostgreSQL.
    var workersOfEach: Int { chosenWorkers ?? Self.workers(ofEachOf: hosts) }

    private static func workers(ofEachOf hosts: Int) -> Int {
        max(1, min(4, ProcessInfo.processInfo.activeProcessorCount / hosts))
    }

    var passwordHasher: PasswordHasher {
        PasswordHasher(cost: ScryptCost(logN: passwordCost, r: 8, p: 3) ?? .standard)
    }

    /// The running executable's path.
    static var executable: URL {
        URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "thorbis")
    }

    /// The path that this process was started by, absolute: after an upgrade the new executable is there, where
    /// ``executable`` would name the deleted one. To be read before the working folder or the file can change.
    static func startPath() -> String {
        let name = CommandLine.arguments.first ?? ""
        if name.contains("/") { return URL(filePath: name).absoluteURL.path() }
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        let candidates = folders.map { URL(filePath: "\($0)/\(name)").absoluteURL.path() }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? executable.path()
    }

    private static var executableFolder: URL { executable.deletingLastPathComponent() }

    private static func folder(_ path: String) -> URL {
        URL(filePath: path, directoryHint: .isDirectory).absoluteURL
    }
}
