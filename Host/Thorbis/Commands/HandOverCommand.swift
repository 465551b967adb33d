import ArgumentParser
import Foundation
import HostModel

/// Fresh host processes in the place of those that serve, with no request lost: after an upgrade of the executable, or
/// to give back the memory of retired plugins.
struct HandOverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover",
        abstract: "Let fresh hosts take over from those of `thorbis up`; exit 1 when the old ones serve on.")

    func run() async throws {
        try await reportingFailure {
            let settings = try await Settings.load()
            let start = ContinuousClock.now
            guard let answer = try await ControlSocket.askSupervisor(.handOver, in: settings.dataFolder) else {
                throw CommandFailure.environment(
                    "no `thorbis up` runs on \(settings.dataFolder.path()); THORBIS_DATA names another data folder.")
            }
            guard answer["ok"] == true else {
                throw CommandFailure.findings("no hand-over: \(answer["message"]?.string ?? "no reason was given")")
            }
            for line in answer["hosts"]?.array?.compactMap(\.string) ?? [] { printLine(line) }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            printLine("handed over in \(String(format: "%.1f", seconds)) s")
        }
    }
}
