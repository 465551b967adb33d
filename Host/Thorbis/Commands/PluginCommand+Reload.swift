import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostStorage

extension PluginCommand {
    /// Puts changed plugins into service without a restart.
    struct Reload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Migrate, then let the running hosts serve what is installed now; exit 1 when one refuses.")

        @Argument(help: "Plugins to load anew even if nothing of them changed.") var plugins: [String] = []

        func run() async throws {
            try await reportingFailure {
                let again = plugins.compactMap { PluginID($0) }
                guard again.count == plugins.count else {
                    throw CommandFailure.usage("give ids of plugins, such as hs")
                }
                let settings = try await Settings.load()
                guard try await !ControlSocket.ask(.list, in: settings.dataFolder).isEmpty else {
                    throw CommandFailure.environment("no host is running in \(settings.dataFolder.path()).")
                }
                let manifests = try PluginCatalogue.load(settings).manifests
                var options = MigrationOptions()
                options.say = { printLine($0) }
                try await Installation.migrate(
                    manifests, at: try Installation.administratorAddress(settings: settings), options: options)
                let answers = try await ControlSocket.ask(.reload(again: Set(again)), in: settings.dataFolder)
                var refusals: [String] = []
                for answer in answers {
                    if answer["ok"] == true { report(answer) } else { refusals.append(answer["message"]?.string ?? "") }
                }
                guard refusals.isEmpty else {
                    throw CommandFailure.findings(
                        "not reloaded, what served goes on:\n" + refusals.joined(separator: "\n"))
                }
            }
        }

        /// Lines of changes that are shown; the host's OpenAPI document has everything.
        private static let changesMax = 40

        private func report(_ answer: JSONValue) {
            let changes = answer["changes"]?.array?.compactMap(\.string) ?? []
            for change in changes.prefix(Self.changesMax) { printLine(change) }
            if changes.count > Self.changesMax { printLine("and \(changes.count - Self.changesMax) more") }
            let plugins = answer["plugins"]?.array ?? []
            for plugin in plugins where plugin["state"] == "serving" { printLine(ServingLine.text(plugin)) }
            let parts = ["checking", "loading", "swapping"].compactMap { part -> String? in
                let taken = answer["microseconds"]?[part]?.int
                return taken.map { "\(part) \(Double($0 / 100) / 10) ms" }
            }
            printLine(parts.joined(separator: ", "))
            if let advice = answer["advice"]?.string { printLine("note: \(advice)") }
        }
    }
}
