import Foundation
import HostManifest
import HostModel
import HostPlugins

/// The libraries of an installation.
enum PluginFiles {
    /// The library of each plugin in a folder, told by the notes in the files.
    static func libraries(of plugins: [PluginID], in folder: URL) -> [PluginID: LibrarySource] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return PluginFolder(files: names.map { folder.appending(path: $0).path() }).libraries(of: plugins)
            .mapValues(LibrarySource.built)
    }

    /// Checks libraries against this process.
    static func verifier() throws(PluginRefusal) -> PluginVerifier { PluginVerifier(host: try .ofThisProcess()) }

    /// Checks the library of a package; none of its code runs.
    static func check(_ read: InstalledPackages.Active) throws {
        guard let library = read.package.library else { return }
        do {
            try verifier().verify(library, for: read.manifest, as: .installed)
        } catch {
            throw CommandFailure.findings(error.description)
        }
    }
}
