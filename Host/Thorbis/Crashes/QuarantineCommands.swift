import Foundation
import HostModel
import HostPlugins
import HostSupervisor

/// What the commands on quarantine share.
enum QuarantineCommands {
    static func change(_ settings: Settings, _ body: (inout QuarantineList) -> Void) throws {
        do {
            try CrashFolder(data: settings.dataFolder).change(body)
        } catch let damaged as CrashFolderError {
            throw CommandFailure.findings("\(damaged)")
        } catch {
            throw CommandFailure.environment("the list of quarantined code can't be written: \(error)")
        }
    }

    /// Hosts that start later read the list by themselves.
    static func tellHosts(_ settings: Settings) async throws {
        let answers = try await ControlSocket.ask(.obeyQuarantine, in: settings.dataFolder)
        if answers.isEmpty { printLine("no host is running") }
        let refusals = answers.filter { $0["ok"] != true }.compactMap { $0["message"]?.string }
        guard refusals.isEmpty else {
            throw CommandFailure.findings("a host couldn't obey:\n" + refusals.joined(separator: "\n"))
        }
        for plugin in answers.flatMap({ $0["plugins"]?.array ?? [] }) where plugin["state"] != "retired" {
            printLine(ServingLine.text(plugin))
        }
    }

    /// The lines of `thorbis plugin list`.
    static func lines(_ list: QuarantineList) -> [String] {
        list.entries.map { entry in
            let since = entry.since.rfc3339.map { $0.prefix(19) + "Z" } ?? ""
            return "\(entry.plugin) \(entry.version) is quarantined since \(since), "
                + "digest \(entry.digest.prefix(12)): \(entry.reason)"
        }
    }
}
