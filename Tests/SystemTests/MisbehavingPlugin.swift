import Crypto
import Foundation
import HostModel
import Testing

/// The plugin of `Tests/Fixtures/Plugins/Misbehaving.swift`, built and packaged as its publisher would.
struct MisbehavingPlugin {
    static let id = "bad"
    static let operations = [
        "behave", "trapIndex", "trapNil", "trapOverflow", "failFatally", "pokePointer", "overflowStack", "abortNow",
        "leave", "trapDetached", "spin", "block",
    ]
    static let root = "/api/bad/app/v1"

    /// Installs a version; each is a library of its own.
    static func install(_ version: String, in place: PublishingPlace) throws {
        let folder = URL(filePath: place.path("build-\(version)"), directoryHint: .isDirectory)
        let manifests = folder.appending(path: "manifests")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        let file = manifests.appending(path: "bad.yaml")
        try manifest(version).write(to: file, atomically: true, encoding: .utf8)
        let generated = try place.run(
            "plugin", "generate", "--manifests", manifests.path(), "--root", folder.path())
        #expect(generated.code == 0, "\(generated.output)")
        let library = try compile(version, in: folder, manifest: file)
        #expect(try place.publish(id, file.path(), ["--library", library.path()]).code == 0)
        let installed = try place.run("plugin", "install", place.path(id))
        #expect(installed.code == 0, "\(installed.output)")
    }

    private static func compile(_ version: String, in folder: URL, manifest: URL) throws -> URL {
        let digest = SHA256.hash(data: try Data(contentsOf: manifest)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        let declared = folder.appending(path: "Declared.swift")
        try """
        enum Declared {
            static let id = "\(id)"
            static let version = "\(version)"
            static let manifestDigest = "\(digest)"
            static let operations: [String] = \(operations.sorted())
        }
        """.write(to: declared, atomically: true, encoding: .utf8)
        let library = folder.appending(path: "libBad.so")
        let build = ThorbisServer.buildFolder.path()
        let compiled = try Command(
            executable: URL(filePath: "/usr/bin/env"),
            arguments: [
                "swiftc", "-Onone", "-parse-as-library", "-emit-library", "-module-name", "Bad", "-swift-version", "6",
                "-I", "\(build)/Modules", "-L", build, "-lPluginAPI", "-o", library.path(),
                "-no-toolchain-stdlib-rpath", "-Xlinker", "-Bsymbolic", "-Xlinker", "-z", "-Xlinker", "nodelete",
                "-Xlinker", "--version-script=\(ThorbisServer.root.appending(path: "Plugins/exports.map").path())",
                ThorbisServer.root.appending(path: "Tests/Fixtures/Plugins/Misbehaving.swift").path(),
                folder.appending(path: "Plugins/Bad/Generated/Note+Generated.swift").path(), declared.path(),
            ]
        ).run()
        #expect(compiled.code == 0, "\(compiled.output)")
        return library
    }

    private static func manifest(_ version: String) -> String {
        let declared = operations.map { name in
            "  \(name): {route: POST /\(name.lowercased()), permission: thing.update, effects: write, "
                + "limits: {timeout: 1s}}"
        }
        return """
            apiVersion: thorbis.dev/v1
            id: \(id)
            name: Bad
            version: \(version)
            pluginAPI: ">=1.0 <2.0"
            entities:
              thing: {route: things, fields: {title: {type: text, max: 100}}}
            operations:
            \(declared.joined(separator: "\n"))
            roles:
              owner: {"*": business}
            """
    }
}
