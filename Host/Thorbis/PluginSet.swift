import Foundation
import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage

/// Plugins with their stores and routes, made together and ready to serve together.
struct PluginSet: Sendable {
    /// The versions that were asked for in the place of those in use here.
    let versions: [PluginID: PackageVersion]
    /// What is really in use of the installed plugins: something else, where that is quarantined.
    let packages: [PluginID: PackageVersion]
    let plugins: PluginSnapshot
    let storage: Storage
    let gateway: GatewaySnapshot

    /// Whether everything that its manifests say is said by these, and nothing else.
    func isMade(of manifests: ManifestSet) -> Bool {
        plugins.manifests.manifests.map(\.digest) == manifests.manifests.map(\.digest)
    }

    /// Why a plugin isn't the version that was asked for; nil when it is.
    func replacement(of plugin: PluginID) -> String? {
        guard let wanted = versions[plugin] else { return nil }
        guard packages[plugin] == wanted else {
            let served = packages[plugin].map { "\($0.version) serves in its place" } ?? "nothing serves in its place"
            return "\(plugin) \(wanted.version) is quarantined here; \(served)."
        }
        return plugins[plugin]?.quarantine.map {
            "\(plugin) \(wanted.version) is quarantined here: \($0.reason). Its records are served, its code isn't."
        }
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
    ///   - versions: Those that take the place of the ones in use here.
    ///   - again: Plugins that become new generations even if nothing of them changed.
    ///   - beside: Sets that will serve at the same time; what they have of the same is taken from them.
    ///   - serving: What serves now; with the same manifests its stores serve on, and only the code is another.
    ///   - phases: The time that it takes is added to them.
    /// - Throws: ``CommandFailure`` that says why it can't serve here.
    func set(
        _ versions: [PluginID: PackageVersion] = [:], again: Set<PluginID> = [], beside: [PluginSet] = [],
        serving: [PluginSet], _ phases: inout Phases
    ) async throws -> PluginSet {
        let clock = ContinuousClock()
        let start = clock.now
        let catalogue = try PluginCatalogue.load(settings, versions: versions)
        if let unknown = again.first(where: { catalogue.manifests[$0] == nil }) {
            throw CommandFailure.usage("there is no plugin \(unknown) here.")
        }
        let checked = clock.now
        let plugins = try await Self.prepare(
            catalogue, registry, settings: settings, again: again, beside: beside.map(\.plugins))
        let loaded = clock.now
        let same = (beside + serving).first { $0.isMade(of: catalogue.manifests) }
        let storage = same?.storage ?? makeStorage(catalogue.manifests)
        let snapshot: GatewaySnapshot
        do {
            snapshot = try gateway.snapshot(plugins, storage: storage)
        } catch {
            throw CommandFailure.findings("two routes of the manifests clash: \(error)")
        }
        phases.checking += checked - start
        phases.loading += loaded - checked
        phases.routing += clock.now - loaded
        return PluginSet(
            versions: versions, packages: catalogue.packages, plugins: plugins, storage: storage, gateway: snapshot)
    }

    /// Refuses a set whose tables the database hasn't, or has otherwise.
    func checkTables(of set: PluginSet, _ phases: inout Phases) async throws {
        let start = ContinuousClock.now
        try await CatalogueLint.require(of: database, manifests: set.plugins.manifests)
        phases.checking += ContinuousClock.now - start
    }

    /// Loads what a catalogue needs beside what serves already.
    static func prepare(
        _ catalogue: PluginCatalogue, _ registry: PluginRegistry, settings: Settings, again: Set<PluginID> = [],
        beside: [PluginSnapshot] = []
    ) async throws -> PluginSnapshot {
        do throws(PluginRefusal) {
            return try await registry.prepare(
                catalogue.manifests, libraries: catalogue.libraries, again: again, beside: beside,
                quarantined: catalogue.quarantined)
        } catch {
            var failure = CommandFailure.environment(
                "\(error)\nPlugins are looked for in \(settings.pluginFolder.path()); THORBIS_PLUGINS names another."
            )
            failure.rule = error.rule
            throw failure
        }
    }
}
