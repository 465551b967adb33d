import Foundation
import HostModel
import Testing

/// A publisher's and an operator's folders.
struct PublishingPlace {
    let root = ThorbisServer.temporaryFolder()
    var data: URL { root.appending(path: "data") }
    private var manifests: URL { root.appending(path: "manifests") }
    private var key: String { path("acme.key") }

    let times: JSONValue = ["starts_at": "2026-12-01T15:00:00Z", "ends_at": "2026-12-01T17:00:00Z"]

    init() throws {
        for folder in [root, data, manifests] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            at: ThorbisServer.root.appending(path: "manifests/core.yaml"),
            to: manifests.appending(path: "core.yaml"))
        let made = try run("plugin", "keygen", "--name", "acme-2026", "--output", key)
        #expect(made.code == 0, "\(made.output)")
        try made.output.write(to: root.appending(path: "keygen.txt"), atomically: true, encoding: .utf8)
    }

    func path(_ name: String) -> String { root.appending(path: name).path() }

    func remove() { try? FileManager.default.removeItem(at: root) }

    /// Trusts the publisher's key, in the very words of the command that made it.
    func trust(unsigned: Bool) throws {
        let said = try String(contentsOf: root.appending(path: "keygen.txt"), encoding: .utf8)
        let line = try #require(said.split(separator: "\n").last)
        try "unsigned: \(unsigned ? "allowed" : "refused")\nkeys:\n\(line)\n"
            .write(to: data.appending(path: "trust.yaml"), atomically: true, encoding: .utf8)
    }

    /// Packages and signs a plugin of the project with its library.
    func publish(_ id: String, library: String) throws -> Command.Result {
        let manifest = ThorbisServer.root.appending(path: "manifests/\(id).yaml").path()
        return try publish(id, manifest, ["--library", ThorbisServer.buildFolder.appending(path: library).path()])
    }

    /// Packages and signs a plugin that is its manifest alone.
    ///
    /// - Parameter more: Further fields, behind a comma.
    func publish(
        _ id: String, version: String, title: String = "First", more: String = ""
    ) throws -> Command.Result {
        let file = path("\(id).yaml")
        try Self.manifest(id, version, title, more).write(toFile: file, atomically: true, encoding: .utf8)
        return try publish(id, file, [])
    }

    /// Puts the manifest of such a plugin among those that are served without a package.
    func write(_ id: String, more: String) throws {
        try Self.manifest(id, "1.0.0", "First", more)
            .write(to: manifests.appending(path: "\(id).yaml"), atomically: true, encoding: .utf8)
    }

    private static func manifest(_ id: String, _ version: String, _ title: String, _ more: String) -> String {
        """
        apiVersion: thorbis.dev/v1
        id: \(id)
        name: \(title)
        version: \(version)
        pluginAPI: ">=1.0 <2.0"
        entities:
          loan: {route: loans, fields: {tool: {type: text, required: true, max: 100}\(more)}}
        roles:
          owner: {"*": business}
        """
    }

    /// Packages and signs a plugin from a manifest anywhere; `more` goes to `thorbis plugin package`.
    func publish(_ id: String, _ manifest: String, _ more: [String]) throws -> Command.Result {
        try? FileManager.default.removeItem(atPath: path(id))
        let packaged = try command(["plugin", "package", "--manifest", manifest, "--output", path(id)] + more).run()
        #expect(packaged.code == 0, "\(packaged.output)")
        return try run("plugin", "sign", path(id), "--key", key)
    }

    /// - Parameter settings: Besides the manifests.
    func serve(_ settings: [String: String] = [:]) async throws -> ThorbisServer {
        let environment = settings.merging(["THORBIS_MANIFESTS": manifests.path()]) { set, _ in set }
        return try await ThorbisServer.start(dataFolder: data, environment: environment)
    }

    /// Starts `plugin reload --watch`.
    func watch() throws -> (process: Process, output: Pipe) {
        try command(["plugin", "reload", "--watch"]).start()
    }

    func run(_ arguments: String...) throws -> Command.Result { try command(arguments).run() }

    /// As ``run(_:)``, while other tasks of the test go on.
    func detached(_ arguments: String...) async throws -> Command.Result { try await detached(arguments) }

    func detached(_ arguments: [String]) async throws -> Command.Result { try await command(arguments).runBeside() }

    private func command(_ arguments: [String]) -> Command {
        Command(
            arguments: arguments,
            environment: ["THORBIS_DATA": data.path(), "THORBIS_MANIFESTS": manifests.path()], folder: root)
    }
}
