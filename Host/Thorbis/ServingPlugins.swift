import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import Synchronization

/// The plugins that this host serves, and how others take their place while requests run.
///
/// A reload of several hosts has two phases: ``prepare(_:again:)`` does everything that can fail, ``commit(_:)`` swaps.
/// A rollout has one, ``follow(_:)``: each host goes as soon as it can.
actor ServingPlugins {
    nonisolated let gateway: Gateway
    let maker: PluginSetMaker
    let advise: @Sendable (String) -> Void
    let observer: any Observer
    private nonisolated let serving: Mutex<ServingSets>
    /// Sets that served under a plan before, since the last reload: to go back to them is a swap. The newest first.
    private var kept: [PluginSet] = []
    private var isPreparing = false
    /// Counts swaps, so that whoever made sets for a while knows whether they still fit beside what serves.
    private var swaps = 0
    private var prepared: Prepared?
    /// The last reload, while it is watched and until something else is put into service.
    var watched: Watched?
    /// The ticket of the last reload that was taken back here.
    var takenBack: String?

    private static let keptMax = RolloutPlan.setsMax

    /// Sets that wait for their swap. They cost little, so they wait until others are prepared, or they are given up.
    private struct Prepared {
        let ticket: String
        let sets: ServingSets
        let phases: PluginSetMaker.Phases
    }

    /// - Parameter advise: Told after a reload, and after its watch, why a fresh process should take over soon.
    init(
        maker: PluginSetMaker, first: PluginSet, plan: RolloutPlan, observer: any Observer,
        advise: @escaping @Sendable (String) -> Void
    ) {
        self.maker = maker
        self.observer = observer
        self.advise = advise
        gateway = maker.gateway
        serving = Mutex(ServingSets(plan: plan.stableAlone, stable: first, others: [:], failures: [:]))
    }

    /// What serves now.
    nonisolated var sets: ServingSets { serving.withLock { $0 } }

    /// The stores for the plugins that serve a business; for those in service for everybody without one.
    nonisolated func storage(for business: BusinessID?) -> Storage { sets.set(for: business).storage }

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
        let sets = try await make(again, &phases)
        for set in sets.all { try await maker.checkTables(of: set, &phases) }
        defer { askForRoom() }
        return try putReloaded(sets, phases)
    }

    /// The first phase: reads the installation, verifies, tries and loads what is new, and makes its routes. Nothing
    /// serves differently; the tables aren't looked at, because they are migrated between the phases.
    ///
    /// - Parameter ticket: What ``commit(_:)`` names; takes the place of a ticket before, whose commit is refused then.
    func prepare(_ ticket: String, again: Set<PluginID>) async throws -> Preparation {
        var phases = PluginSetMaker.Phases()
        let sets = try await make(again, &phases)
        prepared = Prepared(ticket: ticket, sets: sets, phases: phases)
        return Preparation(sets.stable.plugins, after: self.sets.stable.plugins)
    }

    /// The second phase: the swap, and then the watch.
    ///
    /// - Parameter length: For how long what is new is watched.
    /// - Throws: ``CommandFailure`` when nothing waits under the ticket, or a rollout has changed meanwhile; what
    ///   served goes on.
    func commit(_ ticket: String, watch length: Duration) throws -> Report {
        guard let prepared, prepared.ticket == ticket else {
            throw CommandFailure.findings("another reload was prepared meanwhile; this one is given up.")
        }
        self.prepared = nil
        let before = sets
        let report = try putReloaded(prepared.sets, prepared.phases)
        watch(ticket, after: before, for: length)
        askForRoom()
        return report
    }

    /// Has a fresh process take over where this one has mapped much; not during a watch, which ends with this process.
    func askForRoom() {
        if watched == nil, let advice = maker.registry.budget.advice { advise(advice) }
    }

    /// Gives prepared sets up. What they loaded stays mapped, as everything does.
    func abort(_ ticket: String) {
        if prepared?.ticket == ticket { prepared = nil }
    }

    /// Serves what a plan asks for, as far as this host can: sets that serve, or served since the last reload, by a
    /// swap alone; others are made first.
    ///
    /// - Returns: False when a reload is under way, or was put into service meanwhile: nothing was done, and it is to
    ///   be tried again.
    /// - Throws: ``CommandFailure`` when the stable set can't serve; what served goes on then. Another set that can't
    ///   is one of ``ServingSets/failures``.
    func follow(_ plan: RolloutPlan) async throws -> Bool {
        let present = sets
        guard plan != present.plan || !present.failures.isEmpty else { return true }
        let known = present.all + kept
        func set(_ number: Int) -> PluginSet? { known.first { $0.versions == plan.sets[number] } }
        let others = plan.sets.indices.dropFirst().map { ($0, set($0)) }
        if let stable = set(0), others.allSatisfy({ $0.1 != nil }) {
            put(
                ServingSets(
                    plan: plan, stable: stable,
                    others: Dictionary(uniqueKeysWithValues: others.compactMap { n, set in set.map { (n, $0) } }),
                    failures: [:]))
            return true
        }
        guard !isPreparing else { return false }
        var phases = PluginSetMaker.Phases()
        let before = swaps
        let next = try await make(plan, known, &phases)
        // A reload that waited for its commit came in between: sets that were known then would undo it.
        guard swaps == before else { return false }
        put(next)
        return true
    }

    private static let overtaken = CommandFailure.findings(
        "what is to serve was changed by a rollout meanwhile; try again.")

    // MARK: Making

    /// All sets of the plan in service, from what is installed now.
    private func make(_ again: Set<PluginID>, _ phases: inout PluginSetMaker.Phases) async throws -> ServingSets {
        guard !isPreparing else { throw CommandFailure.findings("a reload is under way; try again when it is done.") }
        isPreparing = true
        defer { isPreparing = false }
        let present = sets
        var made: [PluginSet] = []
        for versions in present.plan.sets {
            made.append(
                try await maker.set(versions, again: again, beside: made, serving: present.all, &phases))
        }
        var others: [Int: PluginSet] = [:]
        var failures: [Int: String] = [:]
        for number in made.indices.dropFirst() {
            failures[number] = Self.replacement(present.plan, number, made[number])
            if failures[number] == nil { others[number] = made[number] }
        }
        return ServingSets(plan: present.plan, stable: made[0], others: others, failures: failures)
    }

    /// The sets of a plan, those that are known taken as they are.
    private func make(
        _ plan: RolloutPlan, _ known: [PluginSet], _ phases: inout PluginSetMaker.Phases
    ) async throws -> ServingSets {
        isPreparing = true
        defer { isPreparing = false }
        let stable = try await usable(plan.sets[0], known, beside: [], &phases)
        var others: [Int: PluginSet] = [:]
        var failures: [Int: String] = [:]
        for number in plan.sets.indices.dropFirst() {
            do {
                let set = try await usable(plan.sets[number], known, beside: [stable] + others.values, &phases)
                failures[number] = Self.replacement(plan, number, set)
                if failures[number] == nil { others[number] = set }
            } catch let failure as CommandFailure {
                failures[number] = failure.message
            }
        }
        return ServingSets(plan: plan, stable: stable, others: others, failures: failures)
    }

    private func usable(
        _ versions: [PluginID: PackageVersion], _ known: [PluginSet], beside: [PluginSet],
        _ phases: inout PluginSetMaker.Phases
    ) async throws -> PluginSet {
        if let set = known.first(where: { $0.versions == versions }) { return set }
        let set = try await maker.set(versions, beside: beside, serving: known, &phases)
        try await maker.checkTables(of: set, &phases)
        return set
    }

    /// A set is there for the versions in which it differs: without them it has no business in service.
    private static func replacement(_ plan: RolloutPlan, _ number: Int, _ set: PluginSet) -> String? {
        plan.plugins(of: number).compactMap { set.replacement(of: $0) }.first
    }

    // MARK: Swapping

    private func putReloaded(_ sets: ServingSets, _ phases: PluginSetMaker.Phases) throws -> Report {
        guard sets.plan == self.sets.plan else { throw Self.overtaken }
        let start = ContinuousClock.now
        let change = put(sets)
        // They have other plugins of before beside theirs.
        kept = []
        var phases = phases
        phases.swapping = ContinuousClock.now - start
        return Report(change: change, advice: maker.registry.budget.advice, phases: phases)
    }

    /// The swap: from here on new requests get these. The watch of what served until now is over.
    @discardableResult
    func put(_ next: ServingSets) -> ContractChange {
        watched = nil
        swaps += 1
        let before = sets
        let drainLimit = before.all.map { DrainPolicy.limit(of: $0.plugins) }.max() ?? .zero
        let numbered = next.numbered
        let change = gateway.serve(
            next.stable.gateway, others: numbered.map(\.gateway), choice: numbered.isEmpty ? nil : next.plan.choice)
        serving.withLock { $0 = next }
        let now = ContinuousClock.now
        let left = maker.registry.install(next.stable.plugins, others: next.others.values.map(\.plugins), at: now)
        keep(before.all, without: next.all)
        drain(left, since: now, within: drainLimit)
        return change
    }

    private func keep(_ sets: [PluginSet], without serving: [PluginSet]) {
        // Without versions it is what the node's own pointers said then.
        let candidates = sets.filter { !$0.versions.isEmpty } + kept
        var kept: [PluginSet] = []
        for set in candidates where !(serving + kept).contains(where: { $0.versions == set.versions }) {
            kept.append(set)
        }
        self.kept = Array(kept.prefix(Self.keptMax))
    }

    /// Cuts off what is at work still with generations that were replaced, when their time is over.
    ///
    /// A task of its own, because the reload is done: it ends by itself, a minute later at most.
    private nonisolated func drain(
        _ generations: [PluginGeneration], since leave: ContinuousClock.Instant, within limit: Duration
    ) {
        guard !generations.isEmpty else { return }
        Task { [registry = maker.registry] in
            try? await Task.sleep(for: limit)
            registry.endDrain(of: generations, since: leave)
        }
    }
}
