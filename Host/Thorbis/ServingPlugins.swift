import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import Synchronization

/// The plugins that this host serves, and how another set takes their place while requests run.
///
/// A reload of several hosts has two phases: ``prepare(_:again:)`` does everything that can fail, ``commit(_:)`` swaps.
actor ServingPlugins {
    nonisolated let gateway: Gateway
    private let maker: PluginSetMaker
    private nonisolated let serving: Mutex<PluginSet>
    private var isPreparing = false
    private var prepared: Prepared?

    /// A set that waits for its swap. It costs little, so it waits until another one is prepared, or it is given up.
    private struct Prepared {
        let ticket: String
        let set: PluginSet
        let phases: PluginSetMaker.Phases
    }

    init(maker: PluginSetMaker, first: PluginSet) {
        self.maker = maker
        gateway = maker.gateway
        serving = Mutex(first)
    }

    /// The stores for the plugins in service.
    nonisolated var storage: Storage { serving.withLock { $0.storage } }

    /// Everything that this process has mapped, in the order of the loads.
    nonisolated var generations: [(generation: PluginGeneration, state: PluginGeneration.State)] {
        maker.registry.generations
    }

    /// What a reload did.
    struct Report: Hashable {
        let change: ContractChange
        /// Why a fresh process should take over soon.
        let advice: String?
        let phases: PluginSetMaker.Phases
    }

    /// Reads the installation again and puts what it has now into service here: all of it, or nothing.
    ///
    /// - Parameter again: Plugins that become new generations even if nothing of them changed.
    /// - Throws: ``CommandFailure`` that says why; what served goes on.
    func reload(again: Set<PluginID>) async throws -> Report {
        var phases = PluginSetMaker.Phases()
        let set = try await make(again, &phases)
        try await maker.checkTables(of: set, &phases)
        return put(set, phases)
    }

    /// The first phase: reads the installation, verifies, tries and loads what is new, and makes its routes. Nothing
    /// serves differently; the tables aren't looked at, because they are migrated between the phases.
    ///
    /// - Parameter ticket: What ``commit(_:)`` names; takes the place of a ticket before, whose commit is refused then.
    /// - Returns: The manifests' digests by plugin, so that hosts can be compared.
    func prepare(_ ticket: String, again: Set<PluginID>) async throws -> [PluginID: String] {
        var phases = PluginSetMaker.Phases()
        let set = try await make(again, &phases)
        prepared = Prepared(ticket: ticket, set: set, phases: phases)
        return Dictionary(
            set.plugins.manifests.manifests.map { ($0.id, $0.digest) }, uniquingKeysWith: { first, _ in first })
    }

    /// The second phase: the swap, which can't fail.
    ///
    /// - Throws: ``CommandFailure`` when nothing waits under the ticket; what served goes on.
    func commit(_ ticket: String) throws -> Report {
        guard let prepared, prepared.ticket == ticket else {
            throw CommandFailure.findings("another reload was prepared meanwhile; this one is given up.")
        }
        self.prepared = nil
        return put(prepared.set, prepared.phases)
    }

    /// Gives a prepared set up. What it loaded stays mapped, as everything does.
    func abort(_ ticket: String) {
        if prepared?.ticket == ticket { prepared = nil }
    }

    private func make(_ again: Set<PluginID>, _ phases: inout PluginSetMaker.Phases) async throws -> PluginSet {
        guard !isPreparing else { throw CommandFailure.findings("a reload is under way; try again when it is done.") }
        isPreparing = true
        defer { isPreparing = false }
        return try await maker.set(again: again, beside: serving.withLock { $0 }, &phases)
    }

    /// The swap: from here on new requests get these.
    private func put(_ set: PluginSet, _ phases: PluginSetMaker.Phases) -> Report {
        let start = ContinuousClock.now
        let drainLimit = maker.registry.snapshot.map(DrainPolicy.limit) ?? .zero
        let change = gateway.serve(set.gateway)
        serving.withLock { $0 = set }
        drain(maker.registry.install(set.plugins), within: drainLimit)
        var phases = phases
        phases.swapping = ContinuousClock.now - start
        return Report(change: change, advice: maker.registry.budget.advice, phases: phases)
    }

    /// Cuts off what is at work still with generations that were replaced, when their time is over.
    ///
    /// A task of its own, because the reload is done: it ends by itself, a minute later at most.
    private nonisolated func drain(_ generations: [PluginGeneration], within limit: Duration) {
        guard !generations.isEmpty else { return }
        Task { [registry = maker.registry] in
            try? await Task.sleep(for: limit)
            registry.endDrain(of: generations)
        }
    }
}
