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
    let maker: PluginSetMaker
    let observer: any Observer
    nonisolated let serving: Mutex<PluginSet>
    private var isPreparing = false
    private var prepared: Prepared?
    /// The last reload, while it is watched and until something else is put into service.
    var watched: Watched?
    /// The ticket of the last reload that was taken back here.
    var takenBack: String?

    /// A set that waits for its swap. It costs little, so it waits until another one is prepared, or it is given up.
    private struct Prepared {
        let ticket: String
        let set: PluginSet
        let phases: PluginSetMaker.Phases
    }

    init(maker: PluginSetMaker, first: PluginSet, observer: any Observer) {
        self.maker = maker
        self.observer = observer
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
    func prepare(_ ticket: String, again: Set<PluginID>) async throws -> Preparation {
        var phases = PluginSetMaker.Phases()
        let set = try await make(again, &phases)
        prepared = Prepared(ticket: ticket, set: set, phases: phases)
        return Preparation(set.plugins, after: serving.withLock(\.plugins))
    }

    /// The second phase: the swap, which can't fail, and then the watch.
    ///
    /// - Parameter length: For how long what is new is watched.
    /// - Throws: ``CommandFailure`` when nothing waits under the ticket; what served goes on.
    func commit(_ ticket: String, watch length: Duration) throws -> Report {
        guard let prepared, prepared.ticket == ticket else {
            throw CommandFailure.findings("another reload was prepared meanwhile; this one is given up.")
        }
        self.prepared = nil
        let before = serving.withLock { $0 }
        let report = put(prepared.set, prepared.phases)
        watch(ticket, after: before, for: length)
        return report
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

    /// The swap: from here on new requests get these. The watch of what served until now is over.
    @discardableResult
    func put(_ set: PluginSet, _ phases: PluginSetMaker.Phases) -> Report {
        let start = ContinuousClock.now
        watched = nil
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
