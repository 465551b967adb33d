import HostManifest
package import HostModel

/// A folder of plugins' libraries, such as the build folder; whose library is whose says the note in it, not its name.
package struct PluginFolder: Sendable {
    private let paths: [String]

    /// - Parameter paths: The files in the folder, from whoever lists it; only `lib….so` counts.
    package init(files paths: [String]) {
        self.paths = paths.filter { path in
            let name = path.split(separator: "/").last ?? ""
            return name.hasPrefix("lib") && name.hasSuffix(".so")
        }.sorted()
    }

    /// The library of each plugin that has one here; of two, the first by name. Reads every file.
    package func libraries(of ids: [PluginID]) -> [PluginID: String] {
        let plugins = Dictionary(
            ids.map { (FNV1a.hash($0.description), $0) }, uniquingKeysWith: { first, _ in first })
        var libraries: [PluginID: String] = [:]
        for path in paths {
            guard let note = Self.note(in: path), let plugin = plugins[note.pluginHash] else { continue }
            libraries[plugin] = libraries[plugin] ?? path
        }
        return libraries
    }

    /// Nil for any file that isn't a plugin: what is wrong with it is told when it is loaded.
    private static func note(in path: String) -> PluginNote? {
        guard let bytes = try? LibraryFile.read(path, of: path), let file = try? ELFFile(bytes) else { return nil }
        return try? PluginNote(file)
    }
}
