import HostModel
import HostSupervisor
import Synchronization

/// Hands over to fresh hosts: for a person at once, for a host that has mapped much when ``HandOverSchedule`` allows.
final class HandOverDesk: Sendable {
    private struct Wish: Sendable {
        let reason: String
        let asked: Timestamp
    }

    private let fleet: HostFleet
    private let log: FleetLog
    private let clock: SystemClock
    private let schedule: Mutex<HandOverSchedule>
    private let wishes: AsyncStream<Wish>
    private let inbox: AsyncStream<Wish>.Continuation

    init(fleet: HostFleet, log: FleetLog, clock: SystemClock, pause: Duration) {
        self.fleet = fleet
        self.log = log
        self.clock = clock
        schedule = Mutex(HandOverSchedule(pause: pause))
        // The last one says the same as those before it.
        (wishes, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Fresh hosts now.
    func handOver() async -> HandOverOutcome {
        let outcome = await fleet.handOver()
        if case .done = outcome { schedule.withLock { $0.ended(at: clock.now()) } }
        return outcome
    }

    /// Takes note of what a host asks for; it is told nothing of what comes of it.
    func advise(_ reason: String) { inbox.yield(Wish(reason: reason, asked: clock.now())) }

    /// Does what hosts ask for until the task is cancelled.
    func run() async {
        for await wish in wishes {
            var decision = schedule.withLock { $0.decision(asked: wish.asked, now: clock.now()) }
            while case .after(let rest) = decision {
                log.say("\(wish.reason) Fresh hosts take over in \(rest.components.seconds + 1) s.")
                guard (try? await Task.sleep(for: rest)) != nil else { return }
                decision = schedule.withLock { $0.decision(asked: wish.asked, now: clock.now()) }
            }
            guard decision == .now else { continue }
            schedule.withLock { $0.begins(at: clock.now()) }
            log.say("\(wish.reason) Fresh hosts take over.")
            report(await handOver())
        }
    }

    /// For hand-overs that nobody waits for.
    func report(_ outcome: HandOverOutcome) {
        switch outcome {
        case .done(let replaced):
            for place in replaced { log.say(HandOverReport.line(place)) }
        case .failed(let reason), .refused(let reason): log.warn("no hand-over: \(reason)")
        }
    }
}
