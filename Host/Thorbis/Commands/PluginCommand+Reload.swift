import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostStorage
import HostSupervisor

extension PluginCommand {
    /// Puts changed plugins into service without a restart.
    struct Reload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Migrate, then let the running hosts serve what is installed now; exit 1 when one refuses.")

        @Argument(help: "Plugins to load anew even if nothing of them changed.") var plugins: [String] = []
        @Flag(help: "For development: build and reload whatever is saved, until Ctrl-C.") var watch = false
        @Option(help: "With --watch, the folder that has Package.swift and Plugins/.") var root = "."

        func run() async throws {
            try await reportingFailure {
                let again = plugins.compactMap { PluginID($0) }
                guard again.count == plugins.count else {
                    throw CommandFailure.usage("give ids of plugins, such as hs")
                }
                let settings = try await Settings.load()
                guard watch else { return try await reload(settings, Set(again)) }
                try await PluginWatch(
                    settings: settings, root: URL(filePath: root, directoryHint: .isDirectory).standardizedFileURL
                ) {
                    try await reload(settings, [])
                }.run()
            }
        }

        private func reload(_ settings: Settings, _ again: Set<PluginID>) async throws {
            let reload = HostsReload(in: settings.dataFolder, again: again)
            // Of two at once each could find some of the hosts made ready for the other.
            let lock = try ReloadLock(in: settings.dataFolder)
            defer { lock.end() }
            let catalogue = try await DesiredInstallation.stable(settings)
            let waiting: [HostsReload.Waiting]
            do {
                waiting = try await reload.prepare(catalogue.manifests)
            } catch let full as HostsReload.NoRoom {
                try await Self.migrate(settings)
                return try await handOver(full, settings)
            }
            do {
                try await Self.migrate(settings)
            } catch {
                await reload.abort(waiting)
                throw error
            }
            let watched: ReloadRecord?
            do {
                watched = try ReloadWatchNote.write(reload, waiting, settings)
            } catch {
                await reload.abort(waiting)
                throw error
            }
            let (answers, failures) = await reload.commit(waiting, watch: watched?.length ?? .zero)
            for (host, answer) in answers {
                if answers.count > 1 { printLine("\(host):") }
                report(answer)
            }
            for line in try DesiredInstallation.overruled(settings, catalogue) { printLine("note: \(line)") }
            if let watched { for line in ReloadWatchNote.announcement(of: watched) { printLine(line) } }
            guard failures.isEmpty else {
                throw CommandFailure.findings("not every host has reloaded:\n" + failures.joined(separator: "\n"))
            }
        }

        /// Has fresh hosts serve what is installed, where those that run have no room for it.
        private func handOver(_ full: HostsReload.NoRoom, _ settings: Settings) async throws {
            guard let answer = try await ControlSocket.askSupervisor(.handOver, in: settings.dataFolder) else {
                throw CommandFailure.findings("not reloaded, what served goes on:\n\(full.refusals)")
            }
            printLine("\(full.refusals)\nfresh hosts take over, with what is installed:")
            guard answer["ok"] == true else {
                throw CommandFailure.findings("no hand-over: \(answer["message"]?.string ?? "no reason was given")")
            }
            for line in answer["hosts"]?.array?.compactMap(\.string) ?? [] { printLine(line) }
        }

        /// Brings the tables to what the new manifests ask for, and checks them as hosts do at their start.
        private static func migrate(_ settings: Settings) async throws {
            let address = try Installation.administratorAddress(settings: settings)
            var options = MigrationOptions()
            options.say = { printLine($0) }
            let manifests = try await DesiredInstallation.migrate(settings, at: address, options: options)
            try await withDatabase(address) { try await CatalogueLint.require(of: $0, manifests: manifests) }
        }

        /// Lines of changes that are shown; the host's OpenAPI document has everything.
        private static let changesMax = 40

        private func report(_ answer: JSONValue) {
            let changes = answer["changes"]?.array?.compactMap(\.string) ?? []
            for change in changes.prefix(Self.changesMax) { printLine(change) }
            if changes.count > Self.changesMax { printLine("and \(changes.count - Self.changesMax) more") }
            let plugins = answer["plugins"]?.array ?? []
            for plugin in plugins where plugin["state"] == "serving" { printLine(ServingLine.text(plugin)) }
            let parts = ["checking", "loading", "routing", "swapping"].compactMap { part -> String? in
                let taken = answer["microseconds"]?[part]?.int
                return taken.map { "\(part) \(Double($0 / 100) / 10) ms" }
            }
            printLine(parts.joined(separator: ", "))
            if let advice = answer["advice"]?.string { printLine("note: \(advice)") }
        }
    }
}
