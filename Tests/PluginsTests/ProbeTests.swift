import Foundation
import HostManifest
import HostPlugins
import HostSupervisor
import PluginAPI
import Testing

/// Plugins whose start would take the host with it are refused by the process that tries them.
struct ProbeTests {
    @Test func `a sound plugin is tried, then loaded`() async throws {
        let library = try await FixtureBuild().library()
        #expect(try await load(library).plugin.descriptor.id == "fx")
    }

    @Test func `a plugin that lies about itself is refused for that, whatever its test says`() async throws {
        let library = try await FixtureBuild(
            sources: ["Fixture", "FailingSelfTest"], note: Self.newest, version: "9.9.9"
        ).library()
        try await refuse("TP2303", library)
    }

    private static let newest = FixtureNote(apiMinor: UInt16(PluginAPIVersion.minor))

    @Test func `a plugin built with the interface of 1.2 is tried and loaded, and passes the test it hasn't`()
        async throws
    {
        let interface = Repository.root.appending(path: "Tests/Fixtures/PluginAPI/1.2")
        let library = try await FixtureBuild(note: FixtureNote(apiMinor: 2), modules: interface).library()
        let loaded = try await load(library)
        #expect(loaded.plugin.descriptor.id == "fx")
        try await loaded.plugin.selfTest()
    }

    @Test func `what the loader or the descriptor refuses is refused before it is mapped here`() async throws {
        func fixture(_ sources: [String] = ["Fixture", "Entry"], version: String = "1.2.0") async throws -> String {
            try await FixtureBuild(sources: sources, note: FixtureNote(id: "tried"), id: "tried", version: version)
                .library()
        }
        try await refuse("TP2303", try await fixture(version: "9.9.9"), id: "tried")
        try await refuse("TP2301", try await fixture(["Fixture", "Entry", "MissingSymbol"]), id: "tried")
        try await refuse("TP2302", try await fixture(["Fixture", "EmptyEntry"]), id: "tried")
        #expect(try MemoryMap.textFiles(named: "memfd:tried-").isEmpty)
    }

    @Test func `the process that tries it has none of this one's environment`() async throws {
        let process = ProbeProcess(
            executable: "/usr/bin/env", arguments: [], environment: ["ONE": "1"], limit: .seconds(10))
        let file = try FileHandle(forReadingFrom: URL(filePath: "/dev/null"))
        #expect(try await process.run(input: file.fileDescriptor) == .answered(Array("ONE=1\n".utf8)))
    }

    @discardableResult
    private func refuse(
        _ rule: String, _ library: String, id: String = "fx", limit: Duration = .seconds(20)
    ) async throws -> PluginRefusal {
        let refusal = try await #require(throws: PluginRefusal.self) { try await load(library, id: id, limit: limit) }
        #expect(refusal.rule == rule, "\(refusal)")
        return refusal
    }

    @discardableResult
    private func load(
        _ library: String, id: String = "fx", limit: Duration = .seconds(20)
    ) async throws -> LoadedLibrary {
        let loader = PluginLoader(
            verifier: PluginVerifier(host: try .ofThisProcess()), trust: .development, prober: BuiltProber(limit: limit)
        )
        return try await loader.load(try FixtureManifest.make(id: id), library: .built(path: library))
    }
}
