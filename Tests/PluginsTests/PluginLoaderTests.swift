import Foundation
import HostManifest
import HostModel
import HostPlugins
import PluginAPI
import Testing

struct PluginLoaderTests {
    @Test func `a sound plugin is loaded and can be called`() async throws {
        let loaded = try await load(try await FixtureBuild().library(), try FixtureManifest.make())
        #expect(loaded.plugin.descriptor.version == "1.2.0")
        #expect(loaded.digest.count == 64)
    }

    @Test func `each load is a generation of its own`() async throws {
        let library = try await FixtureBuild(note: FixtureNote(id: "gen"), id: "gen").library()
        let manifest = try FixtureManifest.make(id: "gen")
        let before = try MemoryMap.textFiles(named: "memfd:gen-").count
        _ = try await load(library, manifest)
        _ = try await load(library, manifest)
        #expect(try MemoryMap.textFiles(named: "memfd:gen-").count == before + 2)
    }

    @Test func `a missing library is refused with its path and what to do`() async throws {
        let refusal = try await #require(throws: PluginRefusal.self) {
            try await load("/nowhere/libFixture.so", try FixtureManifest.make())
        }
        #expect(refusal.rule == "TP2001")
        #expect(refusal.message.contains("/nowhere/libFixture.so"))
        #expect(refusal.hint.contains("swift build"))
    }

    @Test func `a symbolic link and a folder are no libraries`() async throws {
        let library = try await FixtureBuild().library()
        let link = library + ".link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: library)
        try await expect("TP2001", link)
        try await expect("TP2001", "/tmp")
    }

    @Test func `folders to search are tolerated in the build folder only`() async throws {
        let library = try await FixtureBuild(extraArguments: ["-Xlinker", "-rpath", "-Xlinker", "/srv/lib"]).library()
        _ = try await load(library, try FixtureManifest.make())
    }

    @Test func `what is no library is refused`() async throws {
        let file = try TemporaryFolder.make().appending(path: "libText.so")
        try Data("no library".utf8).write(to: file)
        try await expect("TP2002", file.path)
    }

    @Test func `a library that broke off is refused`() async throws {
        let library = try await FixtureBuild().library()
        let bytes = try #require(FileManager.default.contents(atPath: library))
        for share in [0.1, 0.5, 0.9] {
            try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(filePath: library))
            try await expect("TP2003", library)
        }
    }

    @Test func `a compiler that isn't the host's is refused`() async throws {
        let contract = HostContract(epoch: NoteLayout.epoch, apiMajor: 1, apiMinor: 0, toolchain: "clang version 1")
        let verifier = PluginVerifier(host: contract)
        let library = try await FixtureBuild().library()
        let refusal = try await #require(throws: PluginRefusal.self) {
            try await PluginLoader(verifier: verifier, trust: .development, prober: nil).load(
                try FixtureManifest.make(), library: .built(path: library))
        }
        #expect(refusal.rule == "TP2107")
    }

    @Test func `a folder's libraries are known by their notes`() async throws {
        let library = try await FixtureBuild().library()
        let manifests = try ManifestSet.resolve([try FixtureManifest.make(), try FixtureManifest.make(id: "absent")])
        let folder = PluginFolder(files: [BuildFolder.tests.path + "/libPluginAPI.so", library, "/nowhere/libX.so"])
        #expect(folder.libraries(of: manifests.manifests.map(\.id)).map(\.value) == [library])
    }

    @Test func `what serves goes on when a load is refused`() async throws {
        let library = try await FixtureBuild().library()
        let manifest = try FixtureManifest.make()
        let registry = try registry()
        let set = try ManifestSet.resolve([manifest])
        registry.install(try await registry.prepare(set, libraries: [manifest.id: .built(path: library)]))
        let refusal = try await #require(throws: PluginRefusal.self) {
            try await registry.prepare(set, libraries: [:], again: [manifest.id])
        }
        #expect(refusal.rule == "TP2001")
        #expect(registry.snapshot?[manifest.id]?.generation.number == 1)
    }

    @Test func `only what changed is a new generation, or what is asked for`() async throws {
        let manifest = try FixtureManifest.make()
        let plain = try FixtureManifest.make(id: "plain", operations: [])
        let set = try ManifestSet.resolve([manifest, plain])
        let library = try await FixtureBuild().library()
        let source: [PluginID: LibrarySource] = [manifest.id: .built(path: library)]
        let registry = try registry()
        registry.install(try await registry.prepare(set, libraries: source))
        let same = try await registry.prepare(set, libraries: source)
        #expect(same.all.map(\.generation.number) == [1, 2])
        let again = try await registry.prepare(set, libraries: source, again: [manifest.id])
        #expect(again.all.map(\.generation.number) == [3, 2])
        try (Data(contentsOf: URL(filePath: library)) + [0]).write(to: URL(filePath: library))
        let other = try await registry.prepare(set, libraries: source)
        #expect(other.all.map(\.generation.number) == [4, 2])
        #expect(registry.snapshot?.all.map(\.generation.number) == [1, 2], "nothing was put into service")
        #expect(registry.generations.map(\.state) == [.serving, .serving, .retired, .retired])
    }

    @Test func `what was loaded before serves again without another load, for everybody or for some`() async throws {
        let library = try await FixtureBuild().library()
        let sets = try ["1.0.0", "1.1.0"].map { version in
            let plain = try FixtureManifest.make(id: "plain", version: version, operations: [], digest: version)
            return try ManifestSet.resolve([try FixtureManifest.make(), plain])
        }
        let source = [try FixtureManifest.make().id: LibrarySource.built(path: library)]
        let registry = try registry()
        let first = try await registry.prepare(sets[0], libraries: source)
        let second = try await registry.prepare(sets[1], libraries: source)
        #expect(second.all.map(\.generation.number) == [1, 3], "one of the two is in both sets")
        registry.install(first, others: [second])
        #expect(registry.generations.map(\.state) == [.serving, .serving, .canary])
        registry.install(second)
        #expect(registry.generations.map(\.state) == [.serving, .retired, .serving])
        let back = try await registry.prepare(sets[0], libraries: source)
        #expect(back.all.map(\.generation.number) == [1, 2])
        let left = registry.install(back, others: [back])
        #expect(left.map(\.number) == [3])
        #expect(registry.generations.map(\.state) == [.serving, .serving, .retired])
    }

    @Test func `a manifest without operations needs no library`() async throws {
        let manifest = try FixtureManifest.make(id: "plain", operations: [])
        let snapshot = try await registry().prepare(try ManifestSet.resolve([manifest]), libraries: [:])
        let entry = try #require(snapshot[manifest.id])
        #expect(entry.plugin.descriptor.manifestDigest == manifest.digest)
        #expect(entry.generation.digest == manifest.digest)
    }

    private func registry() throws -> PluginRegistry {
        let verifier = PluginVerifier(host: try .ofThisProcess())
        return PluginRegistry(
            loader: PluginLoader(verifier: verifier, trust: .development, prober: nil), observer: SilentObserver())
    }

    @Test func `every rule can be explained`() {
        #expect(Set(PluginRule.all.map(\.id)).count == PluginRule.all.count)
        #expect(PluginRule.named("TP2107")?.fix.isEmpty == false)
        #expect(PluginRule.named("TP9999") == nil)
    }

    @discardableResult
    private func expect(_ rule: String, _ library: String) async throws -> PluginRefusal {
        let refusal = try await #require(throws: PluginRefusal.self) {
            try await load(library, try FixtureManifest.make())
        }
        #expect(refusal.rule == rule, "\(refusal)")
        return refusal
    }

    @discardableResult
    private func load(_ library: String, _ manifest: Manifest) async throws -> LoadedLibrary {
        let contract = HostContract.current(compiledLike: try BuildFolder.bytes("libPluginAPI.so"))
        return try await PluginLoader(verifier: PluginVerifier(host: contract), trust: .development, prober: nil)
            .load(manifest, library: .built(path: library))
    }
}

extension TrustList {
    static let development = TrustList(keys: [], allowsUnsigned: true)
}
