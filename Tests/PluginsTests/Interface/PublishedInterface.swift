import Foundation
import HostManifest
import Subprocess
import Testing

/// A folder with an interface of PluginAPI: one that was published, or the module of a build.
struct PublishedInterface {
    let folder: URL

    /// The published ones, in `Tests/Fixtures/PluginAPI/<major>.<minor>`; `script/api record` makes them.
    static func newest() throws -> (version: SemanticVersion, interface: PublishedInterface) {
        let folder = Repository.root.appending(path: "Tests/Fixtures/PluginAPI")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let versions = names.compactMap { SemanticVersion($0 + ".0") }
        let newest = try #require(versions.max())
        let name = "\(newest.major).\(newest.minor)"
        return (newest, PublishedInterface(folder: folder.appending(path: name)))
    }

    var text: String {
        get throws { try String(contentsOf: folder.appending(path: "PluginAPI.swiftinterface"), encoding: .utf8) }
    }

    /// A copy in which something is otherwise.
    func edited(_ old: String, _ new: String) throws -> PublishedInterface {
        let text = try text
        let place = try #require(text.range(of: old), "the interface has no \(old)")
        return try Self.write(text.replacingCharacters(in: place, with: new))
    }

    /// A copy without the compiled module beside it: built for tests, that has more than what is public.
    func alone() throws -> PublishedInterface { try Self.write(text) }

    private static func write(_ text: String) throws -> PublishedInterface {
        let folder = try TemporaryFolder.make()
        try text.write(to: folder.appending(path: "PluginAPI.swiftinterface"), atomically: true, encoding: .utf8)
        return PublishedInterface(folder: folder)
    }

    /// What changed from here to a later one.
    func change(to later: PublishedInterface) async throws -> InterfaceChange {
        let old = try await digest()
        let new = try await later.digest()
        return InterfaceChange(
            report: try await Self.digester(["-diagnose-sdk", "-abi", "-input-paths", old, "-input-paths", new]))
    }

    /// Lists all of it in a file, whose path is given.
    private func digest() async throws -> String {
        let scratch = try TemporaryFolder.make()
        let file = scratch.appending(path: "interface.json").path
        let said = try await Self.digester([
            "-dump-sdk", "-module", "PluginAPI", "-I", folder.path, "-abi", "-avoid-location", "-avoid-tool-args",
            "-module-cache-path", scratch.appending(path: "cache").path, "-o", file,
        ])
        try #require(said.isEmpty, "\(said)")
        return file
    }

    /// Part of the Swift toolchain. It tells on standard error, and ends with 0 whatever it finds.
    private static func digester(_ arguments: [String]) async throws -> String {
        let ended = try await Subprocess.run(
            .name("swift-api-digester"), arguments: Arguments(arguments), output: .discarded,
            error: .string(limit: 1_048_576))
        try #require(ended.terminationStatus.isSuccess, "swift-api-digester \(arguments)\n\(ended.standardError)")
        return ended.standardError
    }
}
