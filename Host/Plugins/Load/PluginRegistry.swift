package import HostManifest
package import HostModel
import Synchronization

/// Which plugins serve: loads them, and swaps the whole set at once.
package final class PluginRegistry: Sendable {
    private struct State {
        var snapshot: PluginSnapshot?
        var generations = 0
    }

    private let loader: PluginLoader
    private let observer: any Observer
    private let state = Mutex(State())

    package init(loader: PluginLoader, observer: any Observer) {
        self.loader = loader
        self.observer = observer
    }

    /// The plugins in service, nil before the first load. A request takes it once and keeps it to its end.
    package var snapshot: PluginSnapshot? { state.withLock(\.snapshot) }

    /// Loads every plugin of a set, required ones first, and puts them into service together.
    ///
    /// Blocks for files and the dynamic loader. When one is refused, what served before goes on serving.
    ///
    /// - Parameter libraries: Where each plugin's library comes from; a manifest without operations needs none.
    package func load(
        _ manifests: ManifestSet, libraries: [PluginID: LibrarySource]
    ) async throws(PluginRefusal) {
        var entries: [PluginID: PluginSnapshot.Entry] = [:]
        for manifest in manifests.manifests {
            do {
                entries[manifest.id] = try await load(manifest, library: libraries[manifest.id], after: entries)
            } catch {
                observer.observe(.pluginRefused(name: error.plugin, rule: error.rule, detail: error.message))
                throw error
            }
        }
        install(PluginSnapshot(manifests: manifests, entries: entries))
    }

    /// Puts a set of plugins into service in the place of the one before.
    func install(_ snapshot: PluginSnapshot) {
        state.withLock { $0.snapshot = snapshot }
    }

    private func load(
        _ manifest: Manifest, library source: LibrarySource?, after entries: [PluginID: PluginSnapshot.Entry]
    ) async throws(PluginRefusal) -> PluginSnapshot.Entry {
        let name = manifest.id.description
        for requirement in manifest.requires {
            guard let version = entries[requirement.plugin]?.manifest.version,
                requirement.versions.contains(version)
            else {
                throw PluginRefusal(
                    .requirement, plugin: name, "It requires \(requirement.plugin) \(requirement.versions).")
            }
        }
        let library = try await library(of: manifest, from: source)
        observer.observe(
            .pluginLoaded(manifest.id, version: manifest.version.description, digest: library.digest))
        let generation = state.withLock { state in
            state.generations += 1
            return state.generations
        }
        return PluginSnapshot.Entry(
            manifest: manifest, plugin: library.plugin, digest: library.digest, generation: generation)
    }

    /// What the file gives; of a manifest without operations that comes alone, the manifest itself is the plugin.
    private func library(of manifest: Manifest, from source: LibrarySource?) async throws(PluginRefusal)
        -> LoadedLibrary
    {
        if let source { return try await loader.load(manifest, library: source) }
        guard let plugin = DeclaredPlugin(manifest) else {
            let name = manifest.id.description
            throw PluginRefusal(.missing, plugin: name, "No library is given for \(name), which declares operations.")
        }
        return LoadedLibrary(plugin: plugin, digest: manifest.digest)
    }
}
