import Foundation
import HostModel
import HostPlugins
import HostPostgres
import HostStorage
import HostSupervisor

/// Keeps this host at what the rows of rollouts say, and writes down what became of them here.
///
/// Woken by the database when a row changes, and every two seconds. A host that can't serve a candidate goes on with
/// what it served, says why, and takes the candidate back, so that the rollout stops everywhere.
actor RolloutFollower {
    private let store: RolloutStore
    private let plugins: ServingPlugins
    private let listener: Listener
    private let host: RolloutHost
    private let crashes: CrashFolder
    private let observer: any Observer
    private let judge: RolloutJudge

    /// Between two looks at the files for something that can't be served: somebody may have installed it.
    private static let retryPause: Duration = .seconds(10)

    private var answered: [RolloutAcknowledgement] = []
    private var attempt: Attempt?
    private var readings: RolloutReadings?

    /// The last time that something was to be put into service.
    private struct Attempt {
        let plan: RolloutPlan
        let at: ContinuousClock.Instant
        /// Why the stable set can't serve; nil when it does.
        let failure: String?
    }

    init(
        store: RolloutStore, plugins: ServingPlugins, listener: Listener, host: RolloutHost, crashes: CrashFolder,
        observer: any Observer
    ) {
        self.store = store
        self.plugins = plugins
        self.listener = listener
        self.host = host
        self.crashes = crashes
        self.observer = observer
        judge = RolloutJudge(store: store, observer: observer)
    }

    /// Before the host is ready: it serves what is wanted from its first request on.
    func begin() async throws {
        do {
            try await step()
        } catch let error as DatabaseError {
            throw CommandFailure.environment("what is to be served can't be read: \(error.detail)")
        } catch let problem as Problem {
            throw CommandFailure.environment(problem.detail)
        }
    }

    /// Works until the task is cancelled.
    func run() async {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [listener] in
                for await _ in listener.events() { wake.yield() }
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: RolloutHost.beat)
                    wake.yield()
                }
            }
            for await _ in wakes {
                // The database is away, as its lanes tell: what serves goes on, and the next wake finds it back.
                try? await step()
            }
            group.cancelAll()
        }
    }

    /// After the last request: nobody waits for this host any more.
    func leave() async {
        // Should the database be away, the row is cleared by others.
        try? await store.leave(host.id)
    }

    private func step() async throws {
        if try await store.beat(host) { answered = [] }
        var desired = try await store.desired()
        // A row that is taken back has changed: what it says now is served at once.
        if try await serve(desired) {
            desired = try await store.desired()
            _ = try await serve(desired)
        }
        try await measure(desired)
    }

    /// - Returns: Whether a candidate was taken back.
    private func serve(_ desired: DesiredPlugins) async throws -> Bool {
        let (plan, problem) = RolloutPlan.best(for: desired)
        if isDue(plan) {
            do {
                guard try await plugins.follow(plan) else { return false }
                attempt = Attempt(plan: plan, at: .now, failure: nil)
            } catch let failure as CommandFailure {
                attempt = Attempt(plan: plan, at: .now, failure: failure.message)
            }
        }
        let standing = standing(plan, problem)
        try await answer(standing, to: desired)
        var isTakenBack = false
        for (rollout, reason) in standing.stopped(of: desired) {
            let reason = "\(host.node) can't serve it: \(reason)"
            if try await store.takeBack(rollout.plugin, revision: rollout.revision, reason: reason) {
                observer.observe(.rolloutTakenBack(rollout.plugin, revision: rollout.revision, detail: reason))
                isTakenBack = true
            }
        }
        return isTakenBack
    }

    private func isDue(_ plan: RolloutPlan) -> Bool {
        let sets = plugins.sets
        guard plan != sets.plan || !sets.failures.isEmpty else { return false }
        guard let attempt, attempt.plan == plan else { return true }
        return .now - attempt.at >= Self.retryPause
    }

    private func standing(_ plan: RolloutPlan, _ problem: RolloutProblem?) -> RolloutStanding {
        let sets = plugins.sets
        if let failure = attempt?.failure, attempt?.plan == plan {
            return RolloutStanding(plan: plan, problem: problem, failures: [0: failure])
        }
        return RolloutStanding(
            plan: plan, problem: problem, failures: sets.failures, replacements: sets.replacements)
    }

    /// Says what is new.
    private func answer(_ standing: RolloutStanding, to desired: DesiredPlugins) async throws {
        let answers = standing.acknowledgements(of: desired, by: host.id)
        let new = answers.filter { !answered.contains($0) }
        try await store.write(new)
        answered = answers
        for answer in new {
            switch answer.outcome {
            case .serves: observer.observe(.rolloutServed(answer.plugin, revision: answer.revision))
            case .refused:
                observer.observe(
                    .rolloutRefused(answer.plugin, revision: answer.revision, detail: answer.detail))
            }
        }
    }

    /// Writes down what went through both versions here, and has all of it judged.
    private func measure(_ desired: DesiredPlugins) async throws {
        let sets = plugins.sets
        guard let rollout = desired.rollouts.first(where: { $0.canary != nil }) else { return readings = nil }
        if readings?.isOf(rollout, sets) != true { readings = RolloutReadings(rollout, sets) }
        let tombstones = crashes.tombstones()
        guard let figures = readings?.figures(of: rollout, by: host.id, tombstones) else { return }
        try await store.write(figures)
        try await judge.judge(rollout)
    }
}
