import Foundation
import HostManifest
import HostModel
import HostPlugins
import PluginAPI
import Testing

/// What a package must be before any byte of it is used.
struct PluginPackageTests {
    private let key = PublisherKey.generate(named: "acme-2026")
    private let manifest = Array("apiVersion: thorbis.dev/v1\n".utf8)
    private let library = Array("a library".utf8)

    private func index(plugin: String = "hs", version: String = "1.4.0") throws -> PackageIndex {
        PackageIndex(
            plugin: try #require(PluginID(plugin)), version: try #require(SemanticVersion(version)),
            files: [
                "manifest.yaml": PluginPackage.digest(of: manifest), "libX.so": PluginPackage.digest(of: library),
            ])
    }

    private func signed(by key: PublisherKey? = nil, index other: PackageIndex? = nil) throws -> [String: [UInt8]] {
        let index = try other ?? index()
        return [
            "manifest.yaml": manifest, "libX.so": library, PackageIndex.name: index.bytes,
            PackageSignature.name: try (key ?? self.key).sign(index).bytes,
        ]
    }

    private func trust(_ plugins: [String]? = nil, unsigned: Bool = false) throws -> TrustList {
        let bytes = try #require(Base64URL.decode(key.publicText.utf8))
        let ids = plugins.map { Set($0.compactMap { PluginID($0) }) }
        return TrustList(
            keys: [TrustList.Key(name: key.name, publicKey: bytes, plugins: ids)], allowsUnsigned: unsigned)
    }

    @discardableResult
    private func refuse(
        _ rule: String, _ files: [String: [UInt8]], _ trust: TrustList? = nil
    ) throws -> PluginRefusal {
        let refusal = try #require(throws: PluginRefusal.self) {
            try PluginPackage(files, folder: "hs-1.4.0", trust: trust ?? self.trust())
        }
        #expect(refusal.rule == rule, "\(refusal)")
        return refusal
    }

    @Test func `a package that is signed by a trusted key is taken as it was signed`() throws {
        let package = try PluginPackage(signed(), folder: "hs-1.4.0", trust: trust(["hs", "core"]))
        #expect(package.signer == "acme-2026")
        #expect(package.manifest == manifest)
        #expect(package.library == library)
        #expect(package.index.version.description == "1.4.0")
        #expect(package.digest == PluginPackage.digest(of: try index().bytes))
    }

    @Test func `nobody's package is refused unless unsigned code is allowed`() throws {
        var files = try signed()
        files[PackageSignature.name] = nil
        try refuse("TP2402", files)
        #expect(try PluginPackage(files, folder: "x", trust: trust(unsigned: true)).signer == nil)
    }

    @Test func `a wrong signature is refused, also where unsigned code is allowed`() throws {
        var files = try signed(by: .generate(named: "acme-2026"))
        try refuse("TP2404", files)
        try refuse("TP2404", files, trust(unsigned: true))
        files[PackageSignature.name] = Array("{}".utf8)
        try refuse("TP2404", files)
        files[PackageSignature.name] = Array(repeating: 0x20, count: 5_000)
        try refuse("TP2404", files)
    }

    @Test func `a key signs only what it is trusted for`() throws {
        #expect(try refuse("TP2403", signed(by: .generate(named: "other"))).message.contains("`other`"))
        #expect(try refuse("TP2403", signed(), trust(["core"])).message.contains("hs"))
    }

    @Test func `a signature of one index is worth nothing for another`() throws {
        var files = try signed()
        files[PackageIndex.name] = try index(version: "1.5.0").bytes
        try refuse("TP2404", files)
    }

    @Test func `every file is as listed, and none is unlisted`() throws {
        var files = try signed()
        files["libX.so"] = library + [0]
        #expect(try refuse("TP2406", files).message.contains("libX.so"))
        files["libX.so"] = nil
        #expect(try refuse("TP2406", files).message.contains("missing"))
        files = try signed()
        files["libY.so"] = library
        #expect(try refuse("TP2405", files).message.contains("libY.so"))
    }

    @Test(arguments: [
        "", "[]", "{'files':{},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'manifest.yaml':'00'},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'../x':'%','manifest.yaml':'%'},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'index.sig':'%','manifest.yaml':'%'},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'.x':'%','manifest.yaml':'%'},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'a.so':'%','b.so':'%','manifest.yaml':'%'},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'a.so':'%'},'format':1,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'manifest.yaml':'%'},'format':2,'plugin':'hs','version':'1.0.0'}",
        "{'files':{'manifest.yaml':'%'},'format':1,'plugin':'H','version':'1.0.0'}",
        "{'files':{'manifest.yaml':'%'},'format':1,'plugin':'hs','version':'one'}",
        "{'files':{'manifest.yaml':'%'},'format':1,'plugin':'hs','version':'1.0.0','more':1}",
    ]) func `an index that isn't one is refused`(text: String) throws {
        let digest = String(repeating: "0", count: 64)
        let bytes = Array(text.replacing("%", with: digest).replacing("'", with: "\"").utf8)
        let refusal = try #require(throws: PluginRefusal.self) { try PackageIndex(parsing: bytes, of: "x") }
        #expect(refusal.rule == "TP2401")
    }

    @Test func `an index is read as it was written`() throws {
        #expect(try PackageIndex(parsing: index().bytes, of: "x") == index())
        #expect(try index().library == "libX.so")
    }

    @Test func `a key is read as it was written, and nothing else is one`() throws {
        let again = try #require(PublisherKey(parsing: key.serialised))
        #expect(again.publicText == key.publicText)
        #expect(PublisherKey(parsing: Array("{\"name\":\"x\",\"private\":\"AA\"}".utf8)) == nil)
    }

    @Test func `another package of an installed version is refused`() throws {
        let there = try PluginPackage(signed(), folder: "x", trust: trust())
        try there.check(republished: there)
        let other = PackageIndex(
            plugin: there.index.plugin, version: there.index.version,
            files: ["manifest.yaml": PluginPackage.digest(of: manifest)])
        var files = try signed(index: other)
        files["libX.so"] = nil
        let again = try PluginPackage(files, folder: "x", trust: trust())
        let refusal = try #require(throws: PluginRefusal.self) { try again.check(republished: there) }
        #expect(refusal.rule == "TP2407")
    }

    @Test func `an index with another's manifest is refused`() throws {
        let package = try PluginPackage(signed(), folder: "x", trust: trust())
        let refusal = try #require(throws: PluginRefusal.self) {
            try package.check(against: try FixtureManifest.make(id: "hs", version: "1.3.0"))
        }
        #expect(refusal.rule == "TP2408")
        try package.check(against: try FixtureManifest.make(id: "hs", version: "1.4.0"))
    }

    @Test func `a library of a build folder is loaded only where unsigned code is allowed`() async throws {
        let library = try await FixtureBuild().library()
        let loader = PluginLoader(verifier: PluginVerifier(host: try .ofThisProcess()), trust: .nobody, prober: nil)
        let refusal = try await #require(throws: PluginRefusal.self) {
            try await loader.load(try FixtureManifest.make(), library: .built(path: library))
        }
        #expect(refusal.rule == "TP2402")
    }

    @Test func `the folders of the build machine are taken out of a library`() async throws {
        let built = try await FixtureBuild(
            extraArguments: ["-Xlinker", "-rpath", "-Xlinker", "/srv/lib"]
        ).library()
        let manifest = try FixtureManifest.make()
        let bytes = try PluginVerifier.withoutRunPath(Array(Data(contentsOf: URL(filePath: built))), of: manifest)
        let loader = PluginLoader(verifier: PluginVerifier(host: try .ofThisProcess()), trust: .nobody, prober: nil)
        #expect(try await loader.load(manifest, library: .packaged(bytes)).plugin.descriptor.id == "fx")
        #expect(try PluginVerifier.withoutRunPath(bytes, of: manifest) == bytes)
    }
}
