import CLinux
import Synchronization

/// The jobs of one plugin's operations, and the threads that run them.
///
/// The threads hold the queue and end when it is closed, unless a job of theirs never returns.
final class JobQueue: Sendable {
    /// A job, and whose it is.
    fileprivate struct Item {
        let job: UnownedJob
        let executor: CallExecutor
        let since: ContinuousClock.Instant
    }

    /// What a thread is at.
    struct Worker: Sendable {
        /// Of the operating system; 0 until it has started.
        var thread: Int32 = 0
        /// Nil between two jobs.
        var job: Job?
    }

    struct Job: Sendable {
        let executor: CallExecutor
        let since: ContinuousClock.Instant
    }

    fileprivate struct State {
        var items: [Item] = []
        /// Where the oldest waiting item stands; what is before it is done.
        var head = 0
        var workers: [Worker]
        var idle = 0
        var hasStarted = false
        var isClosed = false
    }

    private let name: String
    private let state: Mutex<State>
    private let wakeUp = Semaphore()

    /// - Parameters:
    ///   - name: Of the threads, at most 15 bytes of it are shown.
    ///   - threads: How many; they start with the first job.
    init(name: String, threads: Int) {
        self.name = name
        state = Mutex(State(workers: Array(repeating: Worker(), count: threads)))
    }

    func add(_ job: UnownedJob, of executor: CallExecutor) {
        let item = Item(job: job, executor: executor, since: .now)
        let (starts, wakes) = state.withLock { state in
            state.items.append(item)
            let starts = !state.hasStarted
            state.hasStarted = true
            let wakes = state.idle > 0
            if wakes { state.idle -= 1 }
            return (starts, wakes)
        }
        if wakes { wakeUp.signal() }
        if starts { start() }
    }

    /// Ends the threads once nothing waits.
    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = 0 }
            return state.idle
        }
        for _ in 0..<idle { wakeUp.signal() }
    }

    /// How many jobs wait, since when the oldest one does, and what the threads are at.
    func snapshot() -> (waiting: Int, oldest: ContinuousClock.Instant?, workers: [Worker]) {
        state.withLock { state in
            let waiting = state.items.count - state.head
            return (waiting, waiting > 0 ? state.items[state.head].since : nil, state.workers)
        }
    }

    private func start() {
        let count = state.withLock(\.workers.count)
        for number in 0..<count {
            OwnThread.start(named: name) { self.work(as: number) }
        }
    }

    /// One thread's life. Its mark is set while it runs a job: everything between two jobs is the host's.
    private func work(as number: Int) {
        state.withLock { $0.workers[number].thread = thorbis_crash_this_thread() }
        while let item = next(for: number) {
            let mark = item.executor.mark
            thorbis_crash_mark(mark.generation, mark.operation)
            // Sound: the runtime keeps a job alive until it is run, each is taken from the queue once, and the item
            // holds the executor.
            unsafe item.job.runSynchronously(on: item.executor.asUnownedTaskExecutor())
            thorbis_crash_mark(0, 0)
        }
    }

    /// Waits for a job; nil when the queue is closed and empty.
    private func next(for number: Int) -> Item? {
        while true {
            let (item, isOver) = state.withLock { state in state.take(for: number) }
            if item != nil || isOver { return item }
            wakeUp.wait()
        }
    }
}

extension JobQueue.State {
    /// Jobs that are done are dropped from the list by so many at once.
    private static var tidyCount: Int { 256 }

    /// The oldest item; without one the worker counts as idle, and whoever adds one takes it off that count.
    fileprivate mutating func take(for number: Int) -> (JobQueue.Item?, isOver: Bool) {
        guard head < items.count else {
            items.removeAll(keepingCapacity: true)
            head = 0
            workers[number].job = nil
            if !isClosed { idle += 1 }
            return (nil, isClosed)
        }
        let item = items[head]
        head += 1
        if head == Self.tidyCount {
            items.removeFirst(head)
            head = 0
        }
        workers[number].job = JobQueue.Job(executor: item.executor, since: .now)
        return (item, false)
    }
}
