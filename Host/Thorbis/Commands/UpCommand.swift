import ArgumentParser
import Foundation
import HostModel
import HostPostgres
import HostStorage
import HostSupervisor
import ServiceLifecycle
import UnixSignals

/// Everything of a development installation, from an empty folder to serving hosts; ends with all of it stopped.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the private database and the hosts, and stop all at Ctrl-C.")

    @Flag(help: "Stop when standard input ends, for a caller that may die.") var untilInputEnds = false

    func run() async throws {
        try await reportingFailure {
            if untilInputEnds { stopWhenInputEnds() }
            let executable = Settings.startPath()
            let settings = try await Settings.load()
            let data = try DataFolder(settings.dataFolder)
            // First, so that a port in use is told of at once; connections that come early wait until a host serves.
            let listener = try await Self.listen(settings)
            try TrustFile.prepareForDevelopment(in: data)
            let installation = try await Installation.start(settings: settings, data: data)
            do {
                try await prepare(installation, settings: settings, data: data)
                try await serve(installation, settings: settings, data: data, on: listener, by: executable)
            } catch {
                await installation.stop()
                throw error
            }
            await installation.stop()
        }
    }

    /// The hosts of a supervisor that was killed hold its port until they have finished: `up`, started again at once,
    /// tries for that long.
    private static let listenAttemptsMax = 30
    private static let listenPause: Duration = .milliseconds(100)

    private static func listen(_ settings: Settings) async throws -> ListeningSocket {
        var attempts = 0
        while true {
            do throws(ListeningSocket.Failure) {
                return try ListeningSocket(host: settings.host, port: settings.port)
            } catch {
                attempts += 1
                guard !error.isTaken || attempts == listenAttemptsMax else {
                    try await Task.sleep(for: listenPause)
                    continue
                }
                throw CommandFailure.environment(
                    "can't listen on \(settings.host), port \(settings.port): \(error). "
                        + "Is another server on this port? Set THORBIS_PORT to another one.")
            }
        }
    }

    /// Where all hosts count their writes, see ``VersionBoard``.
    private static func board() throws -> SharedMemory {
        do throws(SharedMemory.Failure) {
            return try SharedMemory(name: "thorbis-board", byteCount: VersionBoard.byteCount)
        } catch {
            throw CommandFailure.environment("the hosts can't have memory in common: \(error).")
        }
    }

    private func prepare(_ installation: Installation, settings: Settings, data: DataFolder) async throws {
        let manifests = try await DesiredInstallation.migrate(settings, at: installation.administratorAddress)
        try await installation.openToRuntimeRole(data: data)
        let signIns = try await DemoBusinesses.ensure(
            in: installation, manifests: manifests, data: data, hasher: settings.passwordHasher)
        for signIn in signIns {
            printLine("\(signIn.business): sign in as \(signIn.email) with the password \(signIn.password)")
        }
    }

    private func serve(
        _ installation: Installation, settings: Settings, data: DataFolder, on listener: ListeningSocket,
        by executable: String
    ) async throws {
        let own = [
            "DATABASE_URL": installation.runtimeAddress, "THORBIS_DATA": settings.dataFolder.path(),
            "THORBIS_MANIFESTS": settings.manifestFolder.path(), "THORBIS_WORKERS": "\(settings.workersOfEach)",
            // A crash then takes milliseconds in place of two seconds of stack printing.
            "SWIFT_BACKTRACE": "enable=no",
        ]
        let clock = SystemClock()
        let desk = CrashWatch.desk(settings)
        let log = FleetLog(clock: clock)
        let announcement = Announcement(authority: listener.authority)
        let memory = try Self.board()
        let fleet = HostFleet(
            order: HostOrder(
                executable: executable, command: ["serve"],
                environment: ProcessInfo.processInfo.environment.merging(own) { $1 }),
            count: settings.hosts, listener: listener, memory: memory, clock: clock,
            sink: LogSink(descriptor: STDERR_FILENO),
            died: { await desk.died($0) },
            note: { note in
                log.write(note)
                if case .ready = note { announcement.makeOnce() }
            })
        let handOvers = HandOverDesk(fleet: fleet, log: log, clock: clock, pause: settings.handOverPause)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: DatabaseService(installation: installation),
                        failureTerminationBehavior: .gracefullyShutdownGroup),
                    .init(
                        service: FleetService(fleet: fleet, handOvers: handOvers, data: data),
                        failureTerminationBehavior: .gracefullyShutdownGroup),
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: .silent))
        try await group.run()
    }
}

/// The private database, brought back when its first process was killed.
private struct DatabaseService: Service {
    let installation: Installation

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await installation.keepRunning() }
        } catch let error as PrivateClusterError {
            throw CommandFailure.environment("the database doesn't start any more: \(error)")
        } catch is CancellationError {}
    }
}
