import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostSupervisor

extension PluginCommand {
    /// Takes a package into the installation.
    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a package, keep it in the data folder, and take it into use.")

        @Argument(help: "The package's folder.") var folder: String

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let trust = try TrustFile.load(settings)
                let read = try InstalledPackages.read(
                    URL(filePath: folder, directoryHint: .isDirectory), trust: trust)
                try PluginFiles.check(read)
                // What it says of other plugins must fit those that are in use.
                _ = try PluginCatalogue.load(settings, with: read)
                let packages = InstalledPackages(data: try DataFolder(settings.dataFolder).url, trust: trust)
                try packages.add(read.package)
                try packages.activate(read.manifest.id, read.manifest.version)
                printLine("\(read.manifest.id) \(read.manifest.version) is installed, \(read.package.vouching)")
                printLine("`thorbis db plan` shows what it changes; `thorbis plugin reload` serves it")
            }
        }
    }

    /// Takes another installed version into use.
    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an installed version into use, such as the one before.")

        @Argument(help: "The plugin's id.") var plugin: String
        @Argument(help: "The version.") var version: String

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                guard let id = PluginID(plugin), let version = SemanticVersion(version) else {
                    throw CommandFailure.usage("give an id and a version, such as: hs 1.4.0")
                }
                let packages = InstalledPackages(data: settings.dataFolder, trust: try TrustFile.load(settings))
                let package = try packages.package(id, version)
                try PluginFiles.check(package)
                _ = try PluginCatalogue.load(settings, with: package)
                try packages.activate(id, version)
                printLine("\(id) \(version) is in use; `thorbis plugin reload` serves it")
            }
        }
    }

    /// Shows what is installed.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the installed packages.")

        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let packages = InstalledPackages(data: settings.dataFolder, trust: try TrustFile.load(settings))
                let rows = packages.plugins().flatMap { plugin in
                    let active = packages.activeVersion(of: plugin)
                    return packages.versions(of: plugin).map { Row(packages, plugin, $0, isActive: $0 == active) }
                }
                let serving = try await serving(in: settings.dataFolder)
                let quarantine = try CrashWatch.quarantine(settings)
                let reload = try ReloadWatchNote.read(settings)
                switch format {
                case .json:
                    let state: JSONValue = [
                        "installed": .array(rows.map(\.json)), "serving": .array(serving.flatMap(\.json)),
                        "quarantined": .array(quarantine.entries.map(\.json)),
                        "reload": reload.map { ReloadWatchNote.json($0) } ?? .null,
                    ]
                    printLine(state.text)
                case .text:
                    for row in rows { printLine(row.line) }
                    if rows.isEmpty { printLine("no package is installed") }
                    for line in QuarantineCommands.lines(quarantine) { printLine(line) }
                    for line in reload.map({ ReloadWatchNote.lines(of: $0) }) ?? [] { printLine(line) }
                    for host in serving {
                        if serving.count > 1 { printLine("\(host.label):") }
                        for plugin in host.plugins { printLine(ServingLine.text(plugin)) }
                    }
                }
            }
        }

        private func serving(in folder: URL) async throws -> [Serving] {
            var serving: [Serving] = []
            for host in ControlSocket.hosts(in: folder) {
                guard let answer = try await ControlSocket.ask(.list, of: host) else { continue }
                serving.append(Serving(label: host.label, plugins: answer["plugins"]?.array ?? []))
            }
            return serving
        }

        /// What one host has mapped.
        private struct Serving {
            let label: String
            let plugins: [JSONValue]

            /// Each plugin with the host that has it.
            var json: [JSONValue] {
                plugins.map { plugin in
                    guard case .object(var members) = plugin else { return plugin }
                    members["host"] = .string(label)
                    return .object(members)
                }
            }
        }

        private struct Row {
            let plugin: PluginID
            let version: SemanticVersion
            let isActive: Bool
            /// Digest and signer, or why it can't be used any more.
            let state: String

            init(_ packages: InstalledPackages, _ plugin: PluginID, _ version: SemanticVersion, isActive: Bool) {
                self.plugin = plugin
                self.version = version
                self.isActive = isActive
                do {
                    let package = try packages.package(plugin, version).package
                    state = "digest \(package.digest.prefix(12)), \(package.vouching)"
                } catch {
                    state =
                        ((error as? CommandFailure)?.message ?? "\(error)").split(separator: "\n").first
                        .map(String.init) ?? "unusable"
                }
            }

            var line: String { "\(plugin) \(version)\(isActive ? " (in use)" : ""): \(state)" }
            var json: JSONValue {
                [
                    "plugin": .string(plugin.description), "version": .string(version.description),
                    "active": .bool(isActive), "state": .string(state),
                ]
            }
        }
    }
}
