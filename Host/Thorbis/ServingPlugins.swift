import Foundation
import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage
import Synchronization

/// The plugins that this host serves, and how another set takes their place while requests run.
actor ServingPlugins {
    typealias MakeStorage = @Sendable (ManifestSet) -> Storage

    nonisolated let gateway: Gateway
    private let registry: PluginRegistry
    private let database: Database
    private let settings: Settings
    private let makeStorage: MakeStorage
    private nonisolated let current: Mutex<Storage>
    private var isReloading = false

    init(
        registry: PluginRegistry, gateway: Gateway, database: Database, settings: Settings, storage: Storage,
        makeStorage: @escaping MakeStorage
    ) {
        self.registry = registry
        self.gateway = gateway
        self.database = database
        self.settings = settings
        self.makeStorage = makeStorage
        current = Mutex(storage)
    }

    /// The stores for the plugins in service.
    nonisolated var storage: Storage { current.withLock { $0 } }

    /// Everything that this process has mapped, in the order of the loads.
    nonisolated var generations: [(generation: PluginGeneration, state: PluginGeneration.State)] {
        registry.generations
    }

    /// What a reload did.
    struct Report: Hashable {
        let change: ContractChange
        /// Why a fresh process should take over soon.
        let advice: String?
        let phases: Phases
    }

    /// How long each part of a reload took.
    struct Phases: Hashable {
        /// Manifests, packages and the tables.
        var checking: Duration
        /// Verifying, probing and mapping what is new.
        var loading: Duration
        /// Routes and stores of the new set, and the swap.
        var swapping: Duration
    }

    /// Reads the installation again and puts what it has now into service: all of it, or nothing.
    ///
    /// - Parameter again: Plugins that become new generations even if nothing of them changed.
    /// - Throws: ``CommandFailure`` that says why; what served goes on.
    func reload(again: Set<PluginID>) async throws -> Report {
        guard !isReloading else { throw CommandFailure.findings("a reload is under way; try again when it is done.") }
        isReloading = true
        defer { isReloading = false }
        let clock = ContinuousClock()
        let start = clock.now
        let catalogue = try PluginCatalogue.load(settings)
        if let unknown = again.first(where: { catalogue.manifests[$0] == nil }) {
            throw CommandFailure.usage("there is no plugin \(unknown) here.")
        }
        try await CatalogueLint.require(of: database, manifests: catalogue.manifests)
        let checked = clock.now
        let next = try await Self.prepare(catalogue, registry, settings: settings, again: again)
        let loaded = clock.now
        let storage = makeStorage(catalogue.manifests)
        let drainLimit = registry.snapshot.map(DrainPolicy.limit) ?? .zero
        let change: ContractChange
        do {
            change = try gateway.reload(next, storage: storage)
        } catch {
            throw CommandFailure.findings("two routes of the manifests clash: \(error)")
        }
        current.withLock { $0 = storage }
        drain(registry.install(next), within: drainLimit)
        return Report(
            change: change, advice: registry.budget.advice,
            phases: Phases(checking: checked - start, loading: loaded - checked, swapping: clock.now - loaded))
    }

    /// Cuts off what is at work still with generations that were replaced, when their time is over.
    ///
    /// A task of its own, because the reload is done: it ends by itself, a minute later at most.
    private nonisolated func drain(_ generations: [PluginGeneration], within limit: Duration) {
        guard !generations.isEmpty else { return }
        Task { [registry] in
            try? await Task.sleep(for: limit)
            registry.endDrain(of: generations)
        }
    }

    /// Loads what a catalogue needs beside what serves already.
    static func prepare(
        _ catalogue: PluginCatalogue, _ registry: PluginRegistry, settings: Settings, again: Set<PluginID> = []
    ) async throws -> PluginSnapshot {
        do throws(PluginRefusal) {
            return try await registry.prepare(catalogue.manifests, libraries: catalogue.libraries, again: again)
        } catch {
            throw CommandFailure.environment(
                "\(error)\nPlugins are looked for in \(settings.pluginFolder.path()); THORBIS_PLUGINS names another."
            )
        }
    }
}
