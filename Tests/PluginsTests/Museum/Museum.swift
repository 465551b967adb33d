import PluginAPI

/// Every bad plugin that is built, by rule; docs/PLUGINS.md has the same table.
enum Museum {
    static let pieces = contract + linkage + loading

    /// Rules without a piece here, and the suite that breaks them.
    static let elsewhere = [
        "TP2001": "PluginLoaderTests", "TP2002": "PluginLoaderTests", "TP2003": "PluginLoaderTests",
        "TP2004": "LibraryFileTests", "TP2107": "PluginLoaderTests", "TP2305": "PluginRegistryTests",
        "TP2308": "GenerationBudgetTests", "TP2401": "PluginPackageTests", "TP2402": "PluginPackageTests",
        "TP2403": "PluginPackageTests", "TP2404": "PluginPackageTests", "TP2405": "PluginPackageTests",
        "TP2406": "PluginPackageTests", "TP2407": "PluginPackageTests", "TP2408": "PluginPackageTests",
    ]

    private static let contract = [
        Piece(title: "no note", rule: "TP2005") { FixtureBuild(hasNote: false) },
        Piece(title: "a note that isn't one", rule: "TP2005") { FixtureBuild(note: FixtureNote(magic: 1)) },
        Piece(title: "a note of another form", rule: "TP2006") { FixtureBuild(note: FixtureNote(noteVersion: 9)) },
        Piece(title: "another epoch", rule: "TP2101", says: "swiftlang/llvm-project") {
            FixtureBuild(note: FixtureNote(epoch: "swift-6.2/linux-x86_64-gnu/papi1"))
        },
        Piece(title: "a PluginAPI that its manifest doesn't allow", rule: "TP2102") {
            FixtureBuild(note: FixtureNote(apiMajor: 2))
        },
        Piece(title: "a newer PluginAPI", rule: "TP2103") {
            FixtureBuild(note: FixtureNote(apiMinor: UInt16(PluginAPIVersion.minor) + 1))
        },
        Piece(title: "another plugin", rule: "TP2104") { FixtureBuild(note: FixtureNote(id: "other")) },
        Piece(title: "generated from another manifest", rule: "TP2105") {
            FixtureBuild(note: FixtureNote(manifestDigest: String(repeating: "f", count: 64)))
        },
    ]

    private static let linkage = [
        Piece(title: "folders to search", rule: "TP2201", way: .packaged, says: "/srv/lib") {
            FixtureBuild(extraArguments: ["-Xlinker", "-rpath", "-Xlinker", "/srv/lib"])
        },
        Piece(title: "needs Foundation", rule: "TP2202", says: "libFoundation") { with("NeedsFoundation") },
        Piece(title: "a PluginAPI of its own", rule: "TP2203") {
            let build = try await PluginAPIBuild.make(.linkedIn)
            return FixtureBuild(extraArguments: [build.object], modules: build.folder, linksPluginAPI: false)
        },
        Piece(title: "exports besides its entry", rule: "TP2204") { FixtureBuild(hidesSymbols: false) },
        Piece(title: "no entry", rule: "TP2205") { FixtureBuild(sources: ["Fixture"]) },
        Piece(title: "may be unmapped", rule: "TP2206") { FixtureBuild(isNoDelete: false) },
        Piece(title: "a PluginAPI without library evolution", rule: "TP2207") {
            let build = try await PluginAPIBuild.make(.shared)
            return FixtureBuild(modules: build.folder, libraries: build.folder)
        },
        Piece(title: "a retroactive conformance", rule: "TP2208") { with("RetroactiveConformance") },
        Piece(title: "code that must be patched", rule: "TP2209") {
            FixtureBuild(cSource: "PatchedCode", extraArguments: ["-Xlinker", "-z", "-Xlinker", "notext"])
        },
        Piece(title: "an executable stack", rule: "TP2210", says: "executable stack") {
            FixtureBuild(extraArguments: ["-Xlinker", "-z", "-Xlinker", "execstack"])
        },
        Piece(title: "starts a program", rule: "TP2211", says: "`system`, which starts processes") {
            with("StartsProgram")
        },
        Piece(title: "looks up any function", rule: "TP2211", says: "`dlsym`") { with("LooksUpCode") },
    ]

    private static let loading = [
        Piece(title: "a name that nothing defines", rule: "TP2301", says: "thorbis_fixture_absent") {
            with("MissingSymbol")
        },
        Piece(title: "an entry that gives nothing", rule: "TP2302") { entered("EmptyEntry") },
        Piece(title: "lies about its version", rule: "TP2303") { FixtureBuild(version: "9.9.9") },
        Piece(title: "lacks a declared operation", rule: "TP2304") { FixtureBuild(operations: []) },
        Piece(title: "has an undeclared operation", rule: "TP2304") { FixtureBuild(operations: ["echo", "hidden"]) },
        Piece(title: "an entry that traps", rule: "TP2306", way: .tried(), says: "was ended by signal") {
            entered("TrappingEntry")
        },
        Piece(title: "an entry that ends the process", rule: "TP2306", way: .tried(), says: "ended its process") {
            entered("LeavingEntry")
        },
        Piece(title: "a self-test that traps", rule: "TP2306", way: .tried()) { tested("TrappingSelfTest") },
        Piece(title: "an entry that hangs", rule: "TP2307", way: .tried(within: .milliseconds(300))) {
            entered("HangingEntry")
        },
        Piece(
            title: "a self-test that fails", rule: "TP2309", way: .tried(),
            says: "wrong_total: two and two are 5, not 4."
        ) { tested("FailingSelfTest") },
        Piece(title: "a self-test that hangs", rule: "TP2310", way: .tried()) { tested("HangingSelfTest") },
    ]

    /// The sound fixture with one source more.
    private static func with(_ source: String) -> FixtureBuild {
        FixtureBuild(sources: ["Fixture", "Entry", source])
    }

    private static func entered(_ entry: String) -> FixtureBuild { FixtureBuild(sources: ["Fixture", entry]) }

    /// Has the self-test, which came with PluginAPI 1.3.
    private static func tested(_ plugin: String) -> FixtureBuild {
        FixtureBuild(
            sources: ["Fixture", plugin], note: FixtureNote(apiMinor: UInt16(PluginAPIVersion.minor)))
    }
}
