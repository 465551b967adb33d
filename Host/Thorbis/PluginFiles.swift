import Foundation
import HostManifest
import HostModel
import HostPlugins

/// The libraries of an installation.
enum PluginFiles {
    /// The library of each plugin in a folder, told by the notes in the files.
    static func libraries(of manifests: ManifestSet, in folder: URL) -> [PluginID: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return PluginFolder(files: names.map { folder.appending(path: $0).path() }).libraries(for: manifests)
    }

    /// Checks libraries against this process, in the way of a development tree.
    static func verifier() throws(PluginRefusal) -> PluginVerifier {
        PluginVerifier(host: try .ofThisProcess(), policy: .development)
    }
}
