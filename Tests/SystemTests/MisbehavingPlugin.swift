import Crypto
import Foundation
import HostModel
import Testing

/// The plugin of `Tests/Fixtures/Plugins/Misbehaving.swift`, built and packaged as its publisher would.
struct MisbehavingPlugin {
    static let id = "bad"
    static let operations = [
        "behave", "trapIndex", "trapNil", "trapOverflow", "failFatally", "pokePointer", "overflowStack", "abortNow",
        "leave", "trapDetached", "spin", "block", "lie", "leak",
    ]
    static let root = "/api/bad/app/v1"

    /// Installs a version; each is a library of its own.
    ///
    /// - Parameters:
    ///   - fields: Of its entity, behind a comma.
    ///   - more: Further keys of its entity, behind a comma.
    static func install(
        _ version: String, in place: PublishingPlace, fields: String = "", more: String = ""
    ) throws {
        let (file, library) = try build(version, in: place, fields: fields, more: more)
        #expect(try place.publish(id, file.path(), ["--library", library.path()]).code == 0)
        let installed = try place.run("plugin", "install", place.path(id))
        #expect(installed.code == 0, "\(installed.output)")
    }

    /// Builds a version, as a developer does.
    static func build(
        _ version: String, in place: PublishingPlace, fields: String = "", more: String = ""
    ) throws -> (manifest: URL, library: URL) {
        let folder = URL(filePath: place.path("build-\(version)"), directoryHint: .isDirectory)
        let manifests = folder.appending(path: "manifests")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        let file = manifests.appending(path: "bad.yaml")
        try manifest(version, fields, more).write(to: file, atomically: true, encoding: .utf8)
        let generated = try place.run(
            "plugin", "generate", "--manifests", manifests.path(), "--root", folder.path())
        #expect(generated.code == 0, "\(generated.output)")
        return (file, try compile(version, in: folder, manifest: file))
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

    private static func manifest(_ version: String, _ fields: String, _ more: String) -> String {
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
              thing: {route: things, fields: {title: {type: text, max: 100}\(fields)}\(more)}
            operations:
            \(declared.joined(separator: "\n"))
            roles:
              owner: {"*": business}
            """
    }
}
