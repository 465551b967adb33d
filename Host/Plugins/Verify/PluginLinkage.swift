/// The rules on what a library asks of the dynamic loader and offers to the process.
struct PluginLinkage {
    let dynamic: ELFDynamic
    let symbols: ELFSymbols
    let retroactiveConformances: Int
    /// What of it would be writable and executable, nil when nothing is.
    let writableCode: String?
    let policy: VerificationPolicy

    static let entry = "thorbis_plugin_entry_v1"
    static let sharedLibrary = "libPluginAPI.so"

    /// The first broken rule, nil when the library may be loaded.
    func refusal(of plugin: String) -> PluginRefusal? {
        func refuse(_ rule: PluginRule, _ message: String) -> PluginRefusal {
            PluginRefusal(rule, plugin: plugin, message)
        }
        if policy == .installed, let folders = dynamic.runPath {
            return refuse(.runPath, "The library names folders to search: \(folders).")
        }
        if let copy = copyOfPluginAPI { return refuse(.ownCopy, copy) }
        let others = dynamic.needed.filter { !Self.allowed.contains($0) }
        if !others.isEmpty { return refuse(.needed, "The library needs \(others.joined(separator: ", ")).") }
        guard symbols.exports.contains(Self.entry) else {
            return refuse(.noEntry, "The library doesn't export `\(Self.entry)`.")
        }
        if let other = symbols.exports.first(where: { $0 != Self.entry }) {
            return refuse(
                .exports, "The library exports \(symbols.exports.count - 1) names besides its entry, such as \(other).")
        }
        guard dynamic.isNoDelete else { return refuse(.unloadable, "The library isn't marked NODELETE.") }
        if dynamic.hasTextRelocations { return refuse(.textRelocations, "The library has text relocations.") }
        if let writableCode { return refuse(.writableCode, "The library has \(writableCode).") }
        if let (name, deed) = processFunction {
            return refuse(.processFunctions, "The library imports `\(name)`, which \(deed).")
        }
        guard symbols.imports.contains(where: Self.isResilienceMarker) else {
            return refuse(.notResilient, "The library imports no method descriptor of PluginAPI.")
        }
        if retroactiveConformances > 0 {
            return refuse(.retroactive, "The library declares \(retroactiveConformances) retroactive conformance(s).")
        }
        return nil
    }

    /// An imported function that acts on the whole process, and what it does; the first by name.
    private var processFunction: (name: String, deed: String)? {
        symbols.imports.compactMap { name in ProcessFunctions.deed(of: name).map { (name, $0) } }.min { $0.0 < $1.0 }
    }

    /// What shows that PluginAPI was linked into the library, nil when it is shared.
    private var copyOfPluginAPI: String? {
        guard dynamic.needed.contains(Self.sharedLibrary) else { return "The library doesn't need libPluginAPI.so." }
        // A plugin defines many names that begin like this, for generic code of its own; only the one who compiled
        // PluginAPI defines the descriptors of its protocols.
        let definitions = symbols.definitions.union(symbols.exports)
        return definitions.first { $0.hasPrefix(Self.manglingPrefix) && $0.hasSuffix("Mp") }
            .map { "The library defines `\($0)` of PluginAPI itself." }
    }

    /// A method descriptor of a PluginAPI protocol: only witness tables for a resilient protocol refer to one.
    private static func isResilienceMarker(_ name: String) -> Bool {
        name.hasPrefix(manglingPrefix) && name.hasSuffix("Tq")
    }

    /// The mangled form of names in the module PluginAPI.
    private static let manglingPrefix = "$s9PluginAPI"

    /// The Swift runtime without Foundation, PluginAPI, and libc.
    private static let allowed: Set<String> = [
        sharedLibrary, "libswiftCore.so", "libswift_Concurrency.so", "libswift_StringProcessing.so",
        "libswift_RegexParser.so", "libswiftSwiftOnoneSupport.so", "libswiftSynchronization.so",
        "libswiftGlibc.so", "libswift_Builtin_float.so", "libc.so.6", "libm.so.6", "libgcc_s.so.1",
        "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
    ]
}
