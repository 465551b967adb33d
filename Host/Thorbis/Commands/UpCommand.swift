import ArgumentParser
import Foundation
import HostModel
import HostSupervisor
import ServiceLifecycle
import UnixSignals

/// Everything of a development installation, from an empty folder to a serving host; ends with all of it stopped.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the private database and the host, and stop both at Ctrl-C.")

    @Flag(help: "Stop when standard input ends, for a caller that may die.") var untilInputEnds = false

    func run() async throws {
        try await reportingFailure {
            if untilInputEnds { stopWhenInputEnds() }
            let settings = try await Settings.load()
            let data = try DataFolder(settings.dataFolder)
            try TrustFile.prepareForDevelopment(in: data)
            let installation = try await Installation.start(settings: settings, data: data)
            do {
                try await serve(installation, settings: settings, data: data)
            } catch {
                await installation.stop()
                throw error
            }
            await installation.stop()
        }
    }

    private func serve(_ installation: Installation, settings: Settings, data: DataFolder) async throws {
        let manifests = try PluginCatalogue.load(settings).manifests
        try await installation.migrate(manifests)
        try await installation.openToRuntimeRole(data: data)
        let signIns = try await DemoBusinesses.ensure(
            in: installation, manifests: manifests, data: data, hasher: settings.passwordHasher)
        for signIn in signIns {
            printLine("\(signIn.business): sign in as \(signIn.email) with the password \(signIn.password)")
        }
        let desk = CrashWatch.desk(data)
        let host = HostProcess(
            executable: Settings.executable.path(), arguments: ["serve"],
            environment: [
                "DATABASE_URL": installation.runtimeAddress, "THORBIS_DATA": settings.dataFolder.path(),
                "THORBIS_MANIFESTS": settings.manifestFolder.path(),
                // A crash then takes milliseconds in place of two seconds of stack printing.
                "SWIFT_BACKTRACE": "enable=no",
            ], clock: SystemClock(), died: { await desk.died($0) })
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: HostService(process: host), failureTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: .silent))
        try await group.run()
    }
}

/// The host process under swift-service-lifecycle: a signal ends it in order.
private struct HostService: Service {
    let process: HostProcess

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await process.run() }
        } catch let failure as HostProcess.Failure {
            throw CommandFailure.environment("\(failure). The lines above say why.")
        } catch is CancellationError {}
    }
}
