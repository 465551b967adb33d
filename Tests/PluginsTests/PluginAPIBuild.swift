import Foundation

/// PluginAPI built in a way that no plugin may use: without library evolution.
struct PluginAPIBuild {
    enum Form {
        /// To be linked into a plugin.
        case linkedIn
        /// A libPluginAPI.so.
        case shared
    }

    /// Has the module and, if shared, the library.
    let folder: URL
    var object: String { folder.appending(path: "PluginAPI.o").path }

    static func make(_ form: Form) async throws -> PluginAPIBuild {
        let build = PluginAPIBuild(folder: try TemporaryFolder.make())
        let product =
            switch form {
            case .linkedIn: ["-emit-object", "-o", build.object]
            case .shared:
                [
                    "-emit-library", "-Xlinker", "-soname", "-Xlinker", "libPluginAPI.so",
                    "-o", build.folder.appending(path: "libPluginAPI.so").path,
                ]
            }
        try await Compiler.run(
            [
                "-Onone", "-wmo", "-parse-as-library", "-module-name", "PluginAPI", "-swift-version", "6",
                "-enable-upcoming-feature", "NonisolatedNonsendingByDefault", "-emit-module",
                "-emit-module-path", build.folder.appending(path: "PluginAPI.swiftmodule").path,
            ] + product + sources)
        return build
    }

    private static var sources: [String] {
        let folder = Repository.root.appending(path: "PluginAPI/Sources/PluginAPI")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.map(\.path)
    }
}
