import Glibc
package import HostModel

/// Keeps the hosts running on one socket: performs what ``FleetState`` decides.
package actor HostFleet {
    /// Why no host runs.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// How long hosts may take.
    package struct Limits: Sendable {
        /// From the start of a process to its word that it serves.
        package var start: Duration = .seconds(60)
        /// From being asked to end to being killed.
        package var stop: Duration = .seconds(30)

        package init() {}
    }

    private enum Message: Sendable {
        case event(FleetState.Event)
        case handOver(CheckedContinuation<HandOverOutcome, Never>)
    }

    private let order: HostOrder
    private let listener: ListeningSocket
    private let memory: SharedMemory
    private let clock: any WallClock
    private let limits: Limits
    private let sink: LogSink
    private let died: @Sendable (HostDeath) async -> Bool
    private let note: @Sendable (FleetNote) -> Void
    private nonisolated let messages: AsyncStream<Message>
    private nonisolated let inbox: AsyncStream<Message>.Continuation
    private var state: FleetState
    private var children: [Int32: HostChild] = [:]
    private var asker: CheckedContinuation<HandOverOutcome, Never>?
    private var failure: String?
    private var isFinished = false

    /// - Parameters:
    ///   - memory: Given to every host.
    ///   - died: Called after each death that nobody asked for, before the next host is started; the fleet waits. Says
    ///     whether it counts against code that is taken out of service in time.
    ///   - note: Called for whatever else an operator may want to know.
    package init(
        order: HostOrder, count: Int, listener: ListeningSocket, memory: SharedMemory, clock: any WallClock,
        sink: LogSink,
        limits: Limits = Limits(), died: @escaping @Sendable (HostDeath) async -> Bool,
        note: @escaping @Sendable (FleetNote) -> Void
    ) {
        self.order = order
        self.listener = listener
        self.memory = memory
        self.clock = clock
        self.sink = sink
        self.limits = limits
        self.died = died
        self.note = note
        state = FleetState(count: count)
        (messages, inbox) = AsyncStream.makeStream()
    }

    /// Runs the hosts until the task is cancelled; then they finish their requests and end.
    ///
    /// - Throws: ``Failure`` when no host ever served.
    package func run() async throws(Failure) {
        inbox.yield(.event(.begin))
        // A task of its own: the hosts have to be stopped in order after the caller's task is cancelled.
        let work = Task { await attend() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            inbox.yield(.event(.stop))
        }
        if let failure { throw Failure(description: failure) }
    }

    /// Puts fresh processes, of the executable that is there now, in the place of those that serve.
    ///
    /// Returns when the new ones serve and the old ones have been asked to end. One at a time.
    package func handOver() async -> HandOverOutcome {
        await withCheckedContinuation { continuation in
            if case .terminated = inbox.yield(.handOver(continuation)) {
                continuation.resume(returning: .refused("the supervisor is stopping."))
            }
        }
    }

    private func attend() async {
        await withDiscardingTaskGroup { timers in
            for await message in messages {
                switch message {
                case .event(let event): await take(event, &timers)
                case .handOver(let continuation):
                    if asker == nil {
                        asker = continuation
                        await take(.handOver, &timers)
                    } else {
                        continuation.resume(returning: .refused("a hand-over is under way."))
                    }
                }
                if isFinished { break }
            }
            inbox.finish()
            timers.cancelAll()
        }
        for await message in messages {
            if case .handOver(let continuation) = message {
                continuation.resume(returning: .refused("the supervisor is stopping."))
            }
        }
    }

    private func take(_ event: FleetState.Event, _ timers: inout DiscardingTaskGroup) async {
        if case .died(let pid, _) = event { children[pid] = nil }
        var events = [event]
        while !events.isEmpty {
            for action in state.on(events.removeFirst(), at: clock.now()) {
                if let next = await perform(action, &timers) { events.append(next) }
            }
        }
    }

    /// - Returns: What came of it at once.
    private func perform(
        _ action: FleetState.Action, _ timers: inout DiscardingTaskGroup
    ) async -> FleetState.Event? {
        switch action {
        case .wait(let slot, let generation, let delay):
            after(delay, .due(slot: slot, generation: generation), &timers)
        case .spawn(let slot, let generation): return spawn(slot, generation, &timers)
        case .drain(let pid):
            children[pid]?.signal(SIGTERM)
            // The lifeline ends with the child; whoever is still there at the limit is killed.
            let child = children[pid]
            timers.addTask { [limits] in
                guard (try? await Task.sleep(for: limits.stop)) != nil else { return }
                child?.signal(SIGKILL)
            }
        case .kill(let pid): children[pid]?.signal(SIGKILL)
        case .report(let death): return .judged(death, isBlamed: await died(death))
        case .note(let note): self.note(note)
        case .answerHandOver(let outcome):
            asker?.resume(returning: outcome)
            asker = nil
        case .finish(let failure):
            self.failure = failure
            isFinished = true
        }
        return nil
    }

    private func spawn(
        _ slot: Int, _ generation: Int, _ timers: inout DiscardingTaskGroup
    ) -> FleetState.Event {
        // The child's thread may tell of its end before this returns; that waits in the inbox, and what this returns is
        // taken first.
        let tell: @Sendable (Int32, HostChild.Event) -> Void = { [inbox] pid, event in
            switch event {
            case .ready: inbox.yield(.event(.ready(pid: pid)))
            case .ended(let ending): inbox.yield(.event(.died(pid: pid, ending)))
            }
        }
        do throws(HostChild.Failure) {
            let child = try HostChild.start(
                order, slot: slot, listener: listener.descriptor, memory: memory.descriptor, sink: sink, tell: tell)
            children[child.pid] = child
            after(limits.start, .late(pid: child.pid), &timers)
            return .started(HostIdentity(pid: child.pid, slot: slot, generation: generation))
        } catch {
            return .notStarted(slot: slot, generation: generation, reason: error.description)
        }
    }

    private func after(_ delay: Duration, _ event: FleetState.Event, _ timers: inout DiscardingTaskGroup) {
        timers.addTask { [inbox] in
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            inbox.yield(.event(event))
        }
    }
}
