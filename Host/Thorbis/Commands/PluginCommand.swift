import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostSQL

/// What a plugin's developer and an operator do with plugins.
struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Check manifests, generate code, package and install plugins.",
        subcommands: [
            Validate.self, Generate.self, Verify.self, Keygen.self, Package.self, Sign.self, Install.self,
            Activate.self,
            List.self, Reload.self, Crashes.self, Quarantine.self, Release.self, RollOut.self,
            RollBack.self, Pin.self, Unpin.self, Status.self, Explain.self, Probe.self,
        ])
}

extension PluginCommand {
    /// Checks manifests without building anything.
    struct Validate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check manifests and what they say of each other.")

        @Option(help: "The folder of the manifests.") var manifests = "manifests"

        func run() async throws {
            try await reportingFailure {
                let set = try ManifestFiles.load(from: URL(filePath: manifests, directoryHint: .isDirectory))
                let findings = WantedLint.findings(set)
                guard findings.isEmpty else {
                    throw CommandFailure.findings(findings.map(\.description).joined(separator: "\n"))
                }
                for manifest in set.manifests {
                    let counts =
                        "\(manifest.entities.count) entities, \(manifest.operations.count) operations, "
                        + "\(manifest.mounts.count) mounts"
                    printLine("\(manifest.id) \(manifest.version): \(counts): ok")
                }
            }
        }
    }

    /// Writes the Swift code of every manifest that has a plugin folder here.
    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write Plugins/<Name>/Generated/ from the manifests.")

        @Option(help: "The folder of the manifests.") var manifests = "manifests"
        @Option(help: "The folder that has Plugins/.") var root = "."
        @Flag(help: "Change nothing; exit 1 when generated code is stale.") var check = false

        func run() async throws {
            try await reportingFailure {
                let set = try ManifestFiles.load(from: URL(filePath: manifests, directoryHint: .isDirectory))
                var stale: [String] = []
                for manifest in set.manifests {
                    let folder = GeneratedFolder(
                        files: PluginGenerator.generate(manifest, in: set),
                        root: URL(filePath: root, directoryHint: .isDirectory))
                    stale += folder.stale()
                    if !check { try folder.write() }
                }
                guard !check || stale.isEmpty else {
                    throw CommandFailure.findings(
                        "generated code is stale: \(stale.joined(separator: ", ")). Run `thorbis plugin generate`.")
                }
                printLine(stale.isEmpty ? "generated code is up to date" : "wrote \(stale.joined(separator: ", "))")
            }
        }
    }

    /// Checks a package, or a library's file against its manifest, without loading it.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a package, or a library against its manifest, without running any of its code.")

        @Argument(help: "A package's folder, or a library such as libHomeServicesPlugin.so.") var path: String
        @Option(help: "The manifest of a library.") var manifest: String?

        func run() async throws {
            try await reportingFailure {
                guard let manifest else { return try await verifyPackage() }
                let parsed = try Self.manifest(manifest)
                let bytes = try Self.bytes(path)
                do throws(PluginRefusal) {
                    try PluginFiles.verifier().verify(bytes, for: parsed, as: .development)
                } catch {
                    throw CommandFailure.findings(error.description)
                }
                printLine("\(path): ok for \(parsed.id) \(parsed.version)")
            }
        }

        private func verifyPackage() async throws {
            let trust = try TrustFile.load(try await Settings.load())
            let read = try InstalledPackages.read(URL(filePath: path, directoryHint: .isDirectory), trust: trust)
            try PluginFiles.check(read)
            printLine("\(path): ok, \(read.manifest.id) \(read.manifest.version), \(read.package.vouching)")
        }

        static func manifest(_ path: String) throws -> Manifest {
            do {
                return try ManifestFiles.parse(URL(filePath: path))
            } catch let invalid as InvalidManifest {
                throw ManifestFiles.failure(invalid.diagnostics)
            }
        }

        static func bytes(_ path: String) throws -> [UInt8] {
            guard let bytes = try? Data(contentsOf: URL(filePath: path)) else {
                throw CommandFailure.usage("there is no readable file \(path).")
            }
            return Array(bytes)
        }
    }

    /// Says why a rule is there and how to follow it.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Explain a rule, such as TM1003 or TP2001.")

        @Argument(help: "The rule's id.") var rule: String

        func run() async throws {
            try await reportingFailure {
                if let found = ManifestRule(rawValue: rule)?.explanation {
                    printLine("\(rule)\n\(found.why)\n\nexample: \(found.example)\nfix: \(found.fix)")
                } else if let found = PluginRule.named(rule) {
                    printLine("\(rule) \(found.title)\n\(found.why)\n\nexample: \(found.example)\nfix: \(found.fix)")
                } else if let found = MigrationRule(rawValue: rule)?.explanation {
                    printLine("\(rule)\n\(found.why)\n\nexample: \(found.example)\nfix: \(found.fix)")
                } else if let found = LintRule(rawValue: rule)?.explanation {
                    printLine("\(rule)\n\(found.why)\n\nexample: \(found.example)\nfix: \(found.fix)")
                } else {
                    throw CommandFailure.usage("there is no rule \(rule).")
                }
            }
        }
    }

    /// The other process of a probe; the host starts it, nobody else.
    struct Probe: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Map the library on standard input and say what it is.", shouldDisplay: false)

        func run() {
            let answer = ProbedPlugin.describe()
            // What the plugin printed and C still holds goes first: the answer is the last line.
            fflush(nil)
            FileHandle.standardOutput.write(Data([0x0A] + answer + [0x0A]))
            // Its threads, and what it left to be done at the end, may hang.
            _exit(0)
        }
    }
}
