import ArgumentParser
import Foundation
import HostModel
import HostSupervisor
import ServiceLifecycle
import UnixSignals

/// The host process: HTTP, storage and the loaded plugins. Started by `thorbis up`, or by an operator's own supervisor.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve requests on a migrated database (DATABASE_URL).")

    @Flag(help: "Stop when standard input ends, for a caller that may die.") var untilInputEnds = false
    @Option(help: "A listening socket that the caller left open, in place of THORBIS_PORT.")
    var listenDescriptor: Int32?
    @Option(help: "A pipe that the caller left open, to write to once requests are answered.")
    var readyDescriptor: Int32?
    @Option(help: "Memory that all of the caller's hosts share, which the caller left open.")
    var boardDescriptor: Int32?
    @Option(help: "Which of the caller's hosts this is, for the log.") var slot: Int?

    func run() async throws {
        try await reportingFailure {
            if untilInputEnds { stopWhenInputEnds() }
            let place = try HostPlace(
                listener: listenDescriptor, ready: readyDescriptor, board: boardDescriptor, slot: slot)
            let settings = try await Settings.load()
            guard let address = settings.databaseURL else {
                throw CommandFailure.usage(
                    "DATABASE_URL is not set. Give the runtime role's address, or use `thorbis up`.")
            }
            let host = try await HostComposition.make(settings: settings, address: address, place: place)
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: host)], gracefulShutdownSignals: [.sigint, .sigterm], logger: .silent))
            try await group.run()
            if host.isReplaced { throw ExitCode(HostExit.recycled) }
        }
    }
}
