import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPlugins

extension PluginCommand {
    /// Makes the key that a publisher signs with.
    struct Keygen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key to sign packages with, and print the line that trusts it.")

        @Option(help: "What signatures call it, such as acme-2026.") var name: String
        @Option(help: "The file for the private key.") var output: String

        func run() async throws {
            try await reportingFailure {
                guard PackageIndex.isFileName(name) else {
                    throw CommandFailure.usage("\(name) is no name for a key: use letters, digits and . _ -")
                }
                guard !FileManager.default.fileExists(atPath: output) else {
                    throw CommandFailure.usage("\(output) is there already; a key is never overwritten.")
                }
                let key = PublisherKey.generate(named: name)
                let isWritten = FileManager.default.createFile(
                    atPath: output, contents: Data(key.serialised), attributes: [.posixPermissions: 0o600])
                guard isWritten else { throw CommandFailure.environment("\(output) can't be written.") }
                printLine("wrote \(output); keep it secret. Whoever trusts it has in trust.yaml, below keys:")
                printLine("  \(name): {key: \"\(key.publicText)\"}")
            }
        }
    }

    /// Puts a plugin's manifest and library into a folder with an index.
    struct Package: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a package of a manifest and its library, ready to be signed.")

        @Option(help: "The manifest.") var manifest: String
        @Option(help: "The library; none for a plugin that is its manifest alone.") var library: String?
        @Option(help: "The folder to make.") var output: String

        func run() async throws {
            try await reportingFailure {
                let parsed = try Verify.manifest(manifest)
                guard !FileManager.default.fileExists(atPath: output) else {
                    throw CommandFailure.usage("\(output) is there already.")
                }
                guard parsed.operations.isEmpty || library != nil else {
                    throw CommandFailure.usage("\(parsed.id) declares operations: give its --library.")
                }
                var files = [PackageIndex.manifest: try Verify.bytes(manifest)]
                if let library {
                    let name = URL(filePath: library).lastPathComponent
                    guard PackageIndex.isFileName(name), name.hasSuffix(".so") else {
                        throw CommandFailure.usage("\(name) is no name of a library (*.so).")
                    }
                    files[name] = try packaged(library, of: parsed)
                }
                let index = PackageIndex(
                    plugin: parsed.id, version: parsed.version, files: files.mapValues(PluginPackage.digest))
                files[PackageIndex.name] = index.bytes
                try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
                for (name, bytes) in files {
                    try Data(bytes).write(to: URL(filePath: output).appending(path: name))
                }
                printLine("\(output): \(parsed.id) \(parsed.version), \(files.count - 1) files; sign it next")
            }
        }

        /// The library as hosts take it from packages.
        private func packaged(_ path: String, of manifest: Manifest) throws -> [UInt8] {
            do {
                let bytes = try PluginVerifier.withoutRunPath(try Verify.bytes(path), of: manifest)
                try PluginFiles.verifier().verify(bytes, for: manifest, as: .installed)
                return bytes
            } catch let refusal as PluginRefusal {
                throw CommandFailure.findings(refusal.description)
            }
        }
    }

    /// Signs a package.
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sign a package with a publisher's key.")

        @Argument(help: "The package's folder.") var folder: String
        @Option(help: "The file of the private key.") var key: String

        func run() async throws {
            try await reportingFailure {
                guard let key = PublisherKey(parsing: try Verify.bytes(key)) else {
                    throw CommandFailure.usage("\(key) has no key; `thorbis plugin keygen` makes one.")
                }
                let place = URL(filePath: folder, directoryHint: .isDirectory)
                // An older signature is replaced, so it isn't looked at.
                try? FileManager.default.removeItem(at: place.appending(path: PackageSignature.name))
                let package = try InstalledPackages.read(
                    place, trust: TrustList(keys: [], allowsUnsigned: true)
                ).package
                let signature = try key.sign(package.index)
                try Data(signature.bytes).write(to: place.appending(path: PackageSignature.name), options: .atomic)
                printLine("\(folder): \(package.index.plugin) \(package.index.version) signed by \(key.name)")
            }
        }
    }
}
