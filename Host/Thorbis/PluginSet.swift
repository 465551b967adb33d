import Foundation
import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage

/// Plugins with their stores and routes, made together and ready to serve together.
struct PluginSet: Sendable {
    let plugins: PluginSnapshot
    let storage: Storage
    let gateway: GatewaySnapshot

    /// Whether everything that its manifests say is said by these, and nothing else.
    func isMade(of manifests: ManifestSet) -> Bool {
        plugins.manifests.manifests.map(\.digest) == manifests.manifests.map(\.digest)
    }
}

/// Makes sets of plugins from what an installation has; nothing serves differently by it.
struct PluginSetMaker: Sendable {
    let registry: PluginRegistry
    let gateway: Gateway
    let database: Database
    let settings: Settings
    let makeStorage: @Sendable (ManifestSet) -> Storage

    /// How long each part took.
    struct Phases: Hashable {
        /// Manifests and packages; the tables too, where the host checks them itself.
        var checking: Duration = .zero
        /// Verifying, probing and mapping what is new.
        var loading: Duration = .zero
        /// Stores and routes of the new set.
        var routing: Duration = .zero
        /// Putting it into service.
        var swapping: Duration = .zero
    }

    /// Reads what is installed and makes a set of it. The tables aren't looked at: they may still have to be migrated.
    ///
    /// - Parameters:
    ///   - again: Plugins that become new generations even if nothing of them changed.
    ///   - serving: What serves now; with the same manifests its stores serve on, and only the code is another.
    ///   - phases: The time that it takes is added to them.
    /// - Throws: ``CommandFailure`` that says why it can't serve here.
    func set(again: Set<PluginID>, beside serving: PluginSet, _ phases: inout Phases) async throws -> PluginSet {
        let clock = ContinuousClock()
        let start = clock.now
        let catalogue = try PluginCatalogue.load(settings)
        if let unknown = again.first(where: { catalogue.manifests[$0] == nil }) {
            throw CommandFailure.usage("there is no plugin \(unknown) here.")
        }
        let checked = clock.now
        let plugins = try await Self.prepare(catalogue, registry, settings: settings, again: again)
        let loaded = clock.now
        let isSame = serving.isMade(of: catalogue.manifests)
        let storage = isSame ? serving.storage : makeStorage(catalogue.manifests)
        let snapshot: GatewaySnapshot
        do {
            snapshot = try gateway.snapshot(plugins, storage: storage)
        } catch {
            throw CommandFailure.findings("two routes of the manifests clash: \(error)")
        }
        phases.checking += checked - start
        phases.loading += loaded - checked
        phases.routing += clock.now - loaded
        return PluginSet(plugins: plugins, storage: storage, gateway: snapshot)
    }

    /// Refuses a set whose tables the database hasn't, or has otherwise.
    func checkTables(of set: PluginSet, _ phases: inout Phases) async throws {
        let start = ContinuousClock.now
        try await CatalogueLint.require(of: database, manifests: set.plugins.manifests)
        phases.checking += ContinuousClock.now - start
    }

    /// Loads what a catalogue needs beside what serves already.
    static func prepare(
        _ catalogue: PluginCatalogue, _ registry: PluginRegistry, settings: Settings, again: Set<PluginID> = []
    ) async throws -> PluginSnapshot {
        do throws(PluginRefusal) {
            return try await registry.prepare(
                catalogue.manifests, libraries: catalogue.libraries, again: again, quarantined: catalogue.quarantined)
        } catch {
            throw CommandFailure.environment(
                "\(error)\nPlugins are looked for in \(settings.pluginFolder.path()); THORBIS_PLUGINS names another."
            )
        }
    }
}
