import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostSupervisor

extension PluginCommand {
    /// Shows the deaths of hosts.
    struct Crashes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the latest deaths of hosts, and whose code it was.")

        @Argument(help: "The plugin; all without it, and the host's own.") var plugin: String?
        @Option(help: "text or json.") var format = OutputFormat.text
        @Flag(help: "Show the stack too: offsets for `addr2line -e`, in a library or in thorbis.") var stack = false

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let all = CrashFolder(data: settings.dataFolder).tombstones()
                let shown = all.filter { plugin == nil || $0.blame?.plugin == plugin }
                switch format {
                case .json: printLine(JSONValue.array(shown.map(\.json)).text)
                case .text:
                    if shown.isEmpty { printLine("no host has died") }
                    for tombstone in shown { show(tombstone) }
                }
            }
        }

        private func show(_ tombstone: Tombstone) {
            let time = tombstone.at.rfc3339.map { $0.prefix(19) + "Z" } ?? ""
            let digest = tombstone.blame.map { ", digest \($0.digest.prefix(12))" } ?? ", no plugin is blamed"
            printLine("\(time) \(tombstone.sentence)\(digest)")
            if stack { for frame in tombstone.stack { printLine("    \(frame)") } }
        }
    }

    /// Takes a plugin's code out of service.
    struct Quarantine: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the code of a plugin out of service; its records stay in service.")

        @Argument(help: "The plugin's id.") var plugin: String
        @Option(help: "Why, for whoever looks at it later.") var reason = "an operator said so"

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                guard let id = PluginID(plugin) else { throw CommandFailure.usage("give a plugin's id, such as hs") }
                let catalogue = try await DesiredInstallation.stable(settings)
                guard let manifest = catalogue.manifests[id] else {
                    throw CommandFailure.usage("there is no plugin \(id) here.")
                }
                guard let bytes = catalogue.libraries[id]?.bytes else {
                    throw CommandFailure.findings("\(id) is its manifest alone: it has no code to take out.")
                }
                let entry = QuarantineList.Entry(
                    plugin: id, version: manifest.version.description, digest: PluginPackage.digest(of: bytes),
                    reason: reason, since: SystemClock().now())
                try QuarantineCommands.change(settings) { $0.add(entry) }
                printLine("\(id) \(manifest.version) is quarantined: \(reason)")
                try await QuarantineCommands.tellHosts(settings)
            }
        }
    }

    /// Lets a plugin's code into service again.
    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the code of a plugin into service again; its crashes so far don't count any more.")

        @Argument(help: "The plugin's id.") var plugin: String

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                guard let id = PluginID(plugin) else { throw CommandFailure.usage("give a plugin's id, such as hs") }
                var released: [QuarantineList.Entry] = []
                try QuarantineCommands.change(settings) { released = $0.release(id, at: SystemClock().now()) }
                guard !released.isEmpty else { throw CommandFailure.findings("\(id) isn't quarantined.") }
                for entry in released { printLine("\(id) \(entry.version) may serve again") }
                try await QuarantineCommands.tellHosts(settings)
            }
        }
    }
}
