import HostModel
import HostSupervisor
import Testing

/// The decisions about a fleet, driven by events; no process is started.
struct FleetStateTests {
    /// Plays the part of the effects: gives process ids and keeps what was to be done.
    private struct Play {
        var state: FleetState
        var nextPID: Int32 = 100
        var now: Int64 = 0
        /// Whether deaths count against code.
        var isBlamed = false

        init(_ count: Int) { state = FleetState(count: count) }

        /// - Returns: What is to be done, without the spawns, which are done.
        @discardableResult mutating func on(_ event: FleetState.Event) -> [FleetState.Action] {
            now += 1
            var done: [FleetState.Action] = []
            for action in state.on(event, at: Timestamp(microseconds: now * 1_000_000)) {
                switch action {
                case .spawn(let slot, let generation):
                    nextPID += 1
                    done += on(.started(HostIdentity(pid: nextPID, slot: slot, generation: generation)))
                case .report(let death): done += [action] + on(.judged(death, isBlamed: isBlamed))
                default: done.append(action)
                }
            }
            return done
        }

        /// All hosts of the first start, ready: 101, 102, …
        static func serving(_ count: Int) -> Play {
            var play = Play(count)
            play.on(.begin)
            for number in 0..<count { play.on(.ready(pid: 101 + Int32(number))) }
            return play
        }

        var pids: [Int32] { state.serving.map(\.pid) }
    }

    private func identity(_ pid: Int32, _ slot: Int, _ generation: Int = 1) -> HostIdentity {
        HostIdentity(pid: pid, slot: slot, generation: generation)
    }

    private func isReport(_ action: FleetState.Action) -> Bool { if case .report = action { true } else { false } }

    @Test func `the first host starts alone, the others when it serves`() {
        var play = Play(3)
        play.on(.begin)
        #expect(play.nextPID == 101)
        #expect(play.on(.ready(pid: 101)) == [.note(.ready(identity(101, 1)))])
        #expect(play.nextPID == 103)
        play.on(.ready(pid: 103))
        #expect(play.state.serving == [identity(101, 1), identity(103, 3)])
    }

    @Test func `a first host that says what is missing ends the command`() {
        var play = Play(2)
        play.on(.begin)
        let actions = play.on(.died(pid: 101, .exited(code: 3)))
        #expect(actions.last == .finish(failure: "the host process ended with exit code 3"))
    }

    @Test func `a first host that crashes is tried five times`() {
        var play = Play(2)
        play.on(.begin)
        for turn in 1...4 {
            let actions = play.on(.died(pid: 100 + Int32(turn), .signalled(4)))
            #expect(actions.last == .wait(slot: 1, generation: 1, delay: .seconds(1 << (turn - 1))))
            play.on(.due(slot: 1, generation: 1))
        }
        let actions = play.on(.died(pid: 105, .signalled(4)))
        guard case .finish(failure: .some(let reason)) = actions.last else { return #expect(Bool(false), "\(actions)") }
        #expect(reason.contains("5 times"))
    }

    @Test func `a host that served is replaced at once, after its death was told`() {
        var play = Play.serving(2)
        let actions = play.on(.died(pid: 101, .signalled(9)))
        #expect(actions.first.map(isReport) == true)
        #expect(play.pids == [102], "the other one serves on")
        play.on(.ready(pid: 103))
        #expect(play.pids == [103, 102])
    }

    @Test func `code that is blamed doesn't make its host wait, since it is taken out`() {
        for isBlamed in [true, false] {
            var play = Play.serving(2)
            play.isBlamed = isBlamed
            var hasWaited = false
            for _ in 0..<12 where !hasWaited {
                let actions = play.on(.died(pid: play.pids[0], .signalled(4)))
                if case .wait = actions.last { hasWaited = true }
                play.on(.ready(pid: play.nextPID))
            }
            #expect(hasWaited == !isBlamed)
        }
    }

    @Test func `code that is blamed for starts that fail makes its host wait like any other`() {
        var play = Play.serving(2)
        play.isBlamed = true
        play.on(.died(pid: 101, .signalled(4)))
        let actions = play.on(.died(pid: 103, .signalled(4)))
        #expect(actions.last == .wait(slot: 1, generation: 1, delay: .seconds(1)))
    }

    @Test func `a host that can't start again is tried for ever and the other serves on`() {
        var play = Play.serving(2)
        play.on(.died(pid: 101, .signalled(9)))
        for _ in 0..<20 {
            let actions = play.on(.died(pid: play.nextPID, .exited(code: 1)))
            guard case .wait(slot: 1, generation: 1, _) = actions.last else {
                return #expect(Bool(false), "\(actions)")
            }
            play.on(.due(slot: 1, generation: 1))
        }
        #expect(play.pids == [102])
    }

    @Test func `a hand-over starts one new host at a time and ends the old ones when all are ready`() {
        var play = Play.serving(2)
        #expect(play.on(.handOver) == [])
        #expect(play.nextPID == 103)
        #expect(play.on(.ready(pid: 103)) == [.note(.ready(identity(103, 1, 2)))])
        #expect(play.pids == [101, 103, 102], "the old ones serve until all of the new do")
        let outcome = HandOverOutcome.done([
            Replacement(slot: 1, old: 101, new: 103), Replacement(slot: 2, old: 102, new: 104),
        ])
        let actions = play.on(.ready(pid: 104))
        #expect(actions.dropFirst() == [.drain(pid: 101), .drain(pid: 102), .answerHandOver(outcome)])
        #expect(play.pids == [103, 104])
        #expect(play.on(.died(pid: 101, .exited(code: 0))) == [.note(.drained(identity(101, 1)))])
        play.on(.died(pid: 103, .signalled(6)))
        play.on(.ready(pid: 105))
        #expect(play.state.serving.first == identity(105, 1, 2), "restarts are of the new generation")
    }

    @Test func `a new host that dies or is late leaves the old ones serving`() {
        var play = Play.serving(2)
        play.on(.handOver)
        play.on(.ready(pid: 103))
        #expect(play.on(.late(pid: 104)).last == .kill(pid: 104))
        let actions = play.on(.died(pid: 104, .signalled(9)))
        #expect(actions.contains(.drain(pid: 103)))
        guard case .answerHandOver(.failed(let reason)) = actions.last else {
            return #expect(Bool(false), "\(actions)")
        }
        #expect(reason.contains("not ready in time"))
        #expect(play.pids == [101, 102])
        play.on(.handOver)
        play.on(.ready(pid: 105))
        play.on(.ready(pid: 106))
        #expect(play.pids == [105, 106], "the next one is free to succeed")
    }

    @Test func `an executable that isn't there leaves the old ones serving`() {
        var state = FleetState(count: 1)
        _ = state.on(.begin, at: Timestamp(microseconds: 0))
        _ = state.on(.started(identity(101, 1)), at: Timestamp(microseconds: 0))
        _ = state.on(.ready(pid: 101), at: Timestamp(microseconds: 0))
        #expect(state.on(.handOver, at: Timestamp(microseconds: 0)) == [.spawn(slot: 1, generation: 2)])
        let actions = state.on(
            .notStarted(slot: 1, generation: 2, reason: "No such file"), at: Timestamp(microseconds: 0))
        guard case .answerHandOver(.failed(let reason)) = actions.last else {
            return #expect(Bool(false), "\(actions)")
        }
        #expect(reason.contains("No such file"))
        #expect(state.serving.map(\.pid) == [101])
    }

    @Test func `a second hand-over, one before anything serves and one at the end are refused`() {
        var play = Play(1)
        play.on(.begin)
        #expect(play.on(.handOver) == [.answerHandOver(.refused("no host serves yet."))])
        play.on(.ready(pid: 101))
        play.on(.handOver)
        #expect(play.on(.handOver) == [.answerHandOver(.refused("a hand-over is under way."))])
        let stopping = HandOverOutcome.refused("the supervisor is stopping.")
        #expect(play.on(.stop).first == .answerHandOver(stopping), "the one under way is answered too")
        #expect(play.on(.handOver) == [.answerHandOver(stopping)])
    }

    @Test func `a host that dies during a hand-over is replaced, and its replacement ends with the old ones`() {
        var play = Play.serving(1)
        play.on(.handOver)
        play.on(.died(pid: 101, .signalled(9)))
        #expect(play.nextPID == 103)
        let actions = play.on(.ready(pid: 102))
        #expect(actions.contains(.drain(pid: 103)), "it had not even become ready")
        #expect(play.pids == [102])
    }

    @Test func `a stop asks every host, finishes with the last, and starts nothing again`() {
        var play = Play.serving(2)
        play.on(.died(pid: 101, .signalled(9)))
        play.on(.died(pid: 103, .signalled(9)))
        #expect(play.on(.stop) == [.drain(pid: 102)])
        #expect(play.on(.due(slot: 1, generation: 1)) == [])
        #expect(play.on(.died(pid: 102, .exited(code: 0))).last == .finish(failure: nil))
    }
}
