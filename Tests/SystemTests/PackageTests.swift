import Foundation
import HostModel
import Testing

/// A plugin from the publisher's key to a served request, by the commands that an operator uses.
struct PackageTests {
    @Test func `a signed package is installed, served, and refused once it was touched`() async throws {
        let place = try Place()
        defer { place.remove() }
        let made = try place.publish("hs", library: "libHomeServicesPlugin.so")
        #expect(made.output.contains("hs 1.0.0 signed by acme-2026"), "\(made.output)")

        let stranger = try place.run("plugin", "install", place.path("hs"))
        #expect(stranger.code == 1)
        #expect(stranger.output.contains("TP2403"), "\(stranger.output)")
        try place.trust(unsigned: true)
        let installed = try place.run("plugin", "install", place.path("hs"))
        #expect(installed.code == 0, "\(installed.output)")
        #expect(installed.output.contains("hs 1.0.0 is installed, signed by acme-2026"))
        let list = try place.run("plugin", "list")
        #expect(list.output.hasPrefix("hs 1.0.0 (in use): digest "), "\(list.output)")

        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        let order = try await firm.workOrder()
        #expect(try await firm.act("schedule", on: order, place.times).status == 200)
        _ = try await server.stop()

        let file = place.data.appending(path: "plugins/hs/1.0.0/libHomeServicesPlugin.so")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        let failure = await #expect(throws: StartFailure.self) { _ = try await place.serve() }
        #expect(failure?.log.contains("TP2406") == true, "\(failure?.log ?? "")")
        #expect(try place.run("plugin", "list").output.contains("TP2406"))
    }

    @Test func `a library that nobody signed isn't served where unsigned code is refused`() async throws {
        let place = try Place()
        defer { place.remove() }
        try place.trust(unsigned: false)
        let failure = await #expect(throws: StartFailure.self) { _ = try await place.serve() }
        #expect(failure?.log.contains("core: error TP2402") == true, "\(failure?.log ?? "")")
    }

    @Test func `another package of an installed version is refused, a next version takes over and back`() throws {
        let place = try Place()
        defer { place.remove() }
        try place.trust(unsigned: true)
        #expect(try place.publish("lend", version: "1.0.0").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0, "the same again is no change")
        #expect(try place.publish("lend", version: "1.0.0", title: "Other").code == 0)
        let again = try place.run("plugin", "install", place.path("lend"))
        #expect(again.code == 1)
        #expect(again.output.contains("TP2407"), "\(again.output)")
        #expect(try place.publish("lend", version: "1.1.0", title: "Other").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        #expect(try place.run("plugin", "list").output.contains("lend 1.1.0 (in use)"))
        #expect(try place.run("plugin", "activate", "lend", "1.0.0").code == 0)
        #expect(try place.run("plugin", "list").output.contains("lend 1.0.0 (in use)"))
        #expect(try place.run("plugin", "activate", "lend", "3.0.0").code == 2)
    }
}

/// A publisher's and an operator's folders.
private struct Place {
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
    func publish(_ id: String, library: String) throws -> (code: Int32, output: String) {
        let manifest = ThorbisServer.root.appending(path: "manifests/\(id).yaml").path()
        return try publish(id, manifest, ["--library", ThorbisServer.buildFolder.appending(path: library).path()])
    }

    /// Packages and signs a plugin that is its manifest alone.
    func publish(_ id: String, version: String, title: String = "First") throws -> (code: Int32, output: String) {
        let manifest = """
            apiVersion: thorbis.dev/v1
            id: \(id)
            name: \(title)
            version: \(version)
            pluginAPI: ">=1.0 <2.0"
            entities:
              loan: {route: loans, fields: {tool: {type: text, required: true, max: 100}}}
            """
        let file = path("\(id).yaml")
        try manifest.write(toFile: file, atomically: true, encoding: .utf8)
        return try publish(id, file, [])
    }

    private func publish(_ id: String, _ manifest: String, _ more: [String]) throws -> (code: Int32, output: String) {
        try? FileManager.default.removeItem(atPath: path(id))
        let packaged = try run(["plugin", "package", "--manifest", manifest, "--output", path(id)] + more)
        #expect(packaged.code == 0, "\(packaged.output)")
        return try run("plugin", "sign", path(id), "--key", key)
    }

    func serve() async throws -> ThorbisServer {
        try await ThorbisServer.start(dataFolder: data, environment: ["THORBIS_MANIFESTS": manifests.path()])
    }

    func run(_ arguments: String...) throws -> (code: Int32, output: String) { try run(arguments) }

    private func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = ThorbisServer.buildFolder.appending(path: "thorbis")
        process.arguments = arguments
        process.currentDirectoryURL = root
        let own = ["THORBIS_DATA": data.path(), "THORBIS_MANIFESTS": manifests.path()]
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
