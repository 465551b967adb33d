import Foundation
import HostManifest
import HostModel
import HostPlugins
import Testing

/// Builds a small plugin with the compiler, right or wrong in one chosen way, in a folder of its own.
struct FixtureBuild: Sendable {
    /// Sources in `Tests/Fixtures/Plugins`, without their ending.
    var sources = ["Fixture", "Entry"]
    /// A C source there, compiled into the library too.
    var cSource: String?
    var note = FixtureNote()
    var hasNote = true
    /// What the plugin says of itself.
    var id = "fx"
    var version = "1.2.0"
    var manifestDigest = FixtureManifest.digest
    var operations = ["echo"]
    /// What makes it a good citizen of the process.
    var isNoDelete = true
    var hidesSymbols = true
    var extraArguments: [String] = []
    /// The PluginAPI that it is compiled and linked against.
    var modules = BuildFolder.tests.appending(path: "Modules")
    var libraries = BuildFolder.tests
    var linksPluginAPI = true

    /// Compiles and links, and gives the library's path.
    func library() async throws -> String {
        let folder = try TemporaryFolder.make()
        let declared = folder.appending(path: "Declared.swift")
        try (declaration + (hasNote ? note.source : "")).write(to: declared, atomically: true, encoding: .utf8)
        let files = sources.map { Repository.root.appending(path: "Tests/Fixtures/Plugins/\($0).swift").path }
        let output = folder.appending(path: "libFixture.so").path
        let objects = try await objects(in: folder)
        try await Compiler.run(
            [
                "-Onone", "-parse-as-library", "-emit-library", "-module-name", "Fixture", "-swift-version", "6",
                "-I", modules.path, "-L", libraries.path, "-Xlinker", "-Bsymbolic", "-o", output,
            ] + (linksPluginAPI ? ["-lPluginAPI"] : []) + linkerArguments + extraArguments + objects + [declared.path]
                + files)
        return output
    }

    private func objects(in folder: URL) async throws -> [String] {
        guard let cSource else { return [] }
        let object = folder.appending(path: "\(cSource).o").path
        let source = Repository.root.appending(path: "Tests/Fixtures/Plugins/\(cSource).c").path
        try await Compiler.run(["-c", "-fPIC", source, "-o", object], compiler: "clang")
        return [object]
    }

    private var linkerArguments: [String] {
        let map = Repository.root.appending(path: "Plugins/exports.map").path
        return (isNoDelete ? ["-Xlinker", "-z", "-Xlinker", "nodelete"] : [])
            + (hidesSymbols ? ["-Xlinker", "--version-script=\(map)"] : [])
    }

    private var declaration: String {
        """
        enum Declared {
            static let id = "\(id)"
            static let version = "\(version)"
            static let manifestDigest = "\(manifestDigest)"
            static let operations: [String] = \(operations)
        }

        """
    }
}

/// The note of a fixture, each part of it free to be wrong.
struct FixtureNote: Sendable {
    var magic = NoteLayout.magic
    var noteVersion = NoteLayout.noteVersion
    var apiMajor: UInt16 = 1
    var apiMinor: UInt16 = 0
    var id = "fx"
    var epoch = NoteLayout.epoch
    var manifestDigest = FixtureManifest.digest

    var source: String {
        let words = NoteLayout.words(ofDigest: manifestDigest) ?? []
        let numbers = [FNV1a.hash(id), FNV1a.hash(epoch)] + words
        return """
            @section("thorbis_plugin_note") @used
            let note: (UInt64, UInt32, UInt16, UInt16, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
                \(magic), \(noteVersion), \(apiMajor), \(apiMinor), \(numbers.map(String.init).joined(separator: ", "))
            )

            """
    }
}

/// Folders that a test run leaves to the system's cleaning.
enum TemporaryFolder {
    static func make() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "thorbis-plugins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
