import Glibc
package import HostModel
import Synchronization

/// The threads that run one plugin's code, of all its generations, and nothing else: code that spins or blocks takes
/// time from its own plugin alone.
///
/// Kept per name, because threads per generation would never end.
package final class PluginThreads: Sendable {
    /// A thread that doesn't come back, and what it works on.
    package struct Stuck: Hashable, Sendable {
        package let plugin: PluginID
        package let generation: Int
        /// The operation's place in its manifest.
        package let operation: Int
        /// How long its job has been running.
        package let age: Duration
        /// Of the operating system.
        package let thread: Int32
    }

    /// How many; two, so that one slow operation doesn't hold up the next.
    private static let count = 2
    /// How late a deadline may be noticed.
    private static let tick: Duration = .milliseconds(20)
    private static let idleTick: Duration = .milliseconds(200)
    /// What a job may take beyond its operation's time limit before its thread counts as eaten.
    static let patience: Duration = .seconds(1)

    private struct Watched {
        let mailbox: CallMailbox
        let since: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
    }

    private struct State {
        var watched: [Int: Watched] = [:]
        var last = 0
        var hasStarted = false
        var hasTold = false
    }

    package let plugin: PluginID
    let queue: JobQueue
    private let calls = Atomic<Int>(0)
    private let state = Mutex(State())
    private let onStuck: @Sendable (Stuck) -> Void

    /// - Parameter onStuck: Told once, from a thread that may block.
    package init(of plugin: PluginID, onStuck: @escaping @Sendable (Stuck) -> Void = { _ in }) {
        self.plugin = plugin
        self.onStuck = onStuck
        queue = JobQueue(name: "plugin \(plugin)", threads: Self.count)
    }

    deinit { queue.close() }

    /// Lets a call in; it ends with ``leave()``. Asked before anything of the database is taken.
    func enter() throws(Problem) {
        calls.wrappingAdd(1, ordering: .relaxed)
        if load(at: .now).load.admits { return }
        leave()
        throw .pluginBusy
    }

    func leave() { calls.wrappingSubtract(1, ordering: .relaxed) }

    /// Tells a mailbox when its call's time is over.
    func watch(_ mailbox: CallMailbox, until deadline: ContinuousClock.Instant) -> Int {
        let watched = Watched(mailbox: mailbox, since: .now, deadline: deadline)
        let (number, starts) = state.withLock { state in
            state.last += 1
            state.watched[state.last] = watched
            defer { state.hasStarted = true }
            return (state.last, !state.hasStarted)
        }
        if starts { OwnThread.start(named: "watch \(plugin)") { [weak self] in Self.keepWatching { self } } }
        return number
    }

    func unwatch(_ number: Int) { state.withLock { _ = $0.watched.removeValue(forKey: number) } }

    /// A thread of its own: the ones of the runtime may all be taken by work that a plugin detached.
    private static func keepWatching(_ threads: () -> PluginThreads?) {
        var pause = tick
        while let threads = threads() {
            pause = threads.look(at: .now) ? tick : idleTick
            usleep(useconds_t(pause / .microseconds(1)))
        }
    }

    /// Looks after everything once; false when nothing is at work.
    private func look(at now: ContinuousClock.Instant) -> Bool {
        let watched = state.withLock(\.watched)
        for (number, call) in watched {
            if now >= call.deadline {
                end(number, call, .overdue)
            } else if now - call.since >= ThreadLoad.untakenAfter, !call.mailbox.isTaken {
                end(number, call, .untaken)
            }
        }
        let (load, workers) = load(at: now)
        if let number = load.stuck { tell(workers[number], now) }
        return !watched.isEmpty || load.jobs.contains { $0 != nil }
    }

    private func end(_ number: Int, _ call: Watched, _ message: CallMailbox.Message) {
        call.mailbox.send(message)
        unwatch(number)
    }

    private func tell(_ worker: JobQueue.Worker, _ now: ContinuousClock.Instant) {
        let isFirst = state.withLock { state in
            defer { state.hasTold = true }
            return !state.hasTold
        }
        guard isFirst, let job = worker.job else { return }
        let mark = job.executor.mark
        onStuck(
            Stuck(
                plugin: plugin, generation: Int(mark.generation), operation: Int(mark.operation),
                age: now - job.since, thread: worker.thread))
    }

    private func load(at now: ContinuousClock.Instant) -> (load: ThreadLoad, workers: [JobQueue.Worker]) {
        let (waiting, oldest, workers) = queue.snapshot()
        let load = ThreadLoad(
            waiting: waiting, oldest: oldest.map { now - $0 } ?? .zero, calls: calls.load(ordering: .relaxed),
            jobs: workers.map { worker in
                worker.job.map { ThreadLoad.Job(age: now - $0.since, patience: $0.executor.patience) }
            })
        return (load, workers)
    }
}
