package import HostManifest
package import HostModel
import Synchronization

/// One load of a plugin in this process, and what went through it. Its code stays mapped as long as the process lives.
package final class PluginGeneration: Sendable {
    package enum State: String, Sendable {
        /// New requests go to it.
        case serving
        /// The requests of some businesses go to it: a rollout or a pin gives them to it.
        case canary
        /// Another one serves; requests that began with this one are still at work.
        case draining
        /// Nobody uses it.
        case retired
        /// Retired too, but its last calls were cut off: they were at work when its time to drain was over.
        case forced
        /// Its routes are in service, its code isn't.
        case quarantined
    }

    /// How an operation ended.
    enum Outcome: Sendable {
        case done
        /// A refusal is an answer.
        case refused
        /// A failure of the plugin, of another one that it called, of the host or the database, or too much time.
        case failed
    }

    /// Counts every load of this process, from 1.
    package let number: Int
    package let plugin: PluginID
    package let version: SemanticVersion
    /// SHA-256 of the bytes that are really mapped, lower-case hexadecimal; the manifest's for a plugin without code.
    package let digest: String
    /// Where its code and data are; nothing for a plugin without code.
    package let image: MappedImage
    /// How long its load took.
    package let phases: LoadPhases
    /// Whether it stands for code that isn't loaded.
    private let isQuarantined: Bool

    private let working = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    private let faulty = Atomic<Int>(0)
    private let denied = Atomic<Int>(0)
    private let storeNanoseconds = Atomic<Int>(0)
    private let latencies = LatencyHistogram()

    /// Its coming into service and going out of it.
    private struct Service {
        var reach: Reach?
        var left: ContinuousClock.Instant?
        var drain: Drain?
    }
    private let service = Mutex(Service())
    /// Whether the last operation to end has to tell: read without the lock, after each operation.
    private let isLeaving = Atomic<Bool>(false)
    /// Calls that began under an earlier number are cut off.
    private let epoch = Atomic<Int>(0)

    init(
        number: Int, plugin: PluginID, version: SemanticVersion, digest: String, image: MappedImage = .none,
        phases: LoadPhases = LoadPhases(), isQuarantined: Bool = false
    ) {
        self.number = number
        self.plugin = plugin
        self.version = version
        self.digest = digest
        self.image = image
        self.phases = phases
        self.isQuarantined = isQuarantined
    }

    /// Operations that are at work.
    package var inFlight: Int { working.load(ordering: .relaxed) }
    /// Operations that ended, refused ones among them.
    package var calls: Int { finished.load(ordering: .relaxed) }
    /// What the plugin did wrong.
    package var faults: Int { faulty.load(ordering: .relaxed) }

    /// Everything that went through it since its load. Two of them tell what was between.
    package var window: PluginWindow {
        var window = PluginWindow()
        window.latencies = latencies.read()
        window.callTime = latencies.total
        window.calls = calls
        window.refused = refused.load(ordering: .relaxed)
        window.failed = failed.load(ordering: .relaxed)
        window.faults = faults
        window.denials = denied.load(ordering: .relaxed)
        window.storeTime = .nanoseconds(storeNanoseconds.load(ordering: .relaxed))
        return window
    }

    func begin() { working.wrappingAdd(1, ordering: .sequentiallyConsistent) }

    func end(_ outcome: Outcome, after duration: Duration) {
        finished.wrappingAdd(1, ordering: .relaxed)
        latencies.record(duration)
        switch outcome {
        case .done: break
        case .refused: refused.wrappingAdd(1, ordering: .relaxed)
        case .failed: failed.wrappingAdd(1, ordering: .relaxed)
        }
        let left = working.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
        if left == 0, isLeaving.load(ordering: .sequentiallyConsistent) { finishDrain(at: .now) }
    }

    /// Counts something that only a wrong plugin does.
    func blame() { faulty.wrappingAdd(1, ordering: .relaxed) }

    /// Counts a request that may not come to this plugin: no permission, or a tier without the feature.
    package func deny() { denied.wrappingAdd(1, ordering: .relaxed) }

    func spentInStore(_ duration: Duration) {
        storeNanoseconds.wrappingAdd(duration.wholeNanoseconds, ordering: .relaxed)
    }
}

extension PluginGeneration {
    /// How it went out of service, the last time.
    package struct Drain: Hashable, Sendable {
        /// From the swap to the end of the last operation that had begun before it, or to the cut.
        package let duration: Duration
        package let wasForced: Bool
    }

    /// What it does now.
    package var state: State {
        let (reach, drain) = service.withLock { ($0.reach, $0.drain) }
        if let reach {
            if isQuarantined { return .quarantined }
            return reach == .everybody ? .serving : .canary
        }
        if drain?.wasForced == true { return .forced }
        return inFlight > 0 ? .draining : .retired
    }

    /// Nil while it serves or drains, and when it never served.
    package var drain: Drain? { service.withLock(\.drain) }

    /// What calls that begin now remember, to know when they are cut off.
    var callEpoch: Int { epoch.load(ordering: .relaxed) }

    /// Whose operations come to it while it is in service.
    enum Reach: Sendable {
        /// Everybody's, but for businesses that another one was chosen for.
        case everybody
        case some
    }

    /// New operations come to it, for the first time, again, or of others than before.
    func enterService(for reach: Reach = .everybody) {
        isLeaving.store(false, ordering: .sequentiallyConsistent)
        service.withLock { $0 = Service(reach: reach) }
    }

    /// New operations go to another one; those at work end in their own time, until ``endDrain(at:)``.
    func leaveService(at now: ContinuousClock.Instant) {
        service.withLock { $0 = Service(left: now) }
        isLeaving.store(true, ordering: .sequentiallyConsistent)
        if working.load(ordering: .sequentiallyConsistent) == 0 { finishDrain(at: now) }
    }

    private func finishDrain(at now: ContinuousClock.Instant) {
        service.withLock { service in
            guard let left = service.left, service.drain == nil else { return }
            service.drain = Drain(duration: now - left, wasForced: false)
        }
    }

    /// Cuts off what is at work still, when it left service and hasn't come back: its services refuse with `retired`,
    /// so that nothing of it is committed. Nothing happens to a generation that has drained.
    ///
    /// - Parameter leave: When it left service the time that is meant: it may have served and left again since. Nil
    ///   for whenever it was.
    /// - Returns: The operations that were cut off.
    func endDrain(since leave: ContinuousClock.Instant? = nil, at now: ContinuousClock.Instant) -> Int {
        let working = inFlight
        let isForced = service.withLock { service in
            guard let left = service.left, service.drain == nil, leave == nil || leave == left else { return false }
            service.drain = Drain(duration: now - left, wasForced: working > 0)
            return working > 0
        }
        guard isForced else { return 0 }
        epoch.wrappingAdd(1, ordering: .relaxed)
        return working
    }
}

/// How long the parts of a load took.
package struct LoadPhases: Hashable, Sendable {
    /// Reading, digest and every check of the bytes.
    package var verifying: Duration = .zero
    /// Trying it in a process of its own.
    package var probing: Duration = .zero
    /// The dynamic loader, the entry and the descriptor.
    package var mapping: Duration = .zero

    package init() {}
}
