package import HostModel

/// Which hosts there are and what is to be done next: the supervisor's decisions, without a process or a clock.
///
/// The first host starts alone, so that it makes what hosts share and says once what is missing; the others follow when
/// it serves. A hand-over starts a full set of hosts, one at a time, while the old ones serve; only when all of them
/// are ready are the old ones asked to end. If one of the new dies or is late, the new ones end and the old serve on.
package struct FleetState: Sendable {
    package enum Event: Hashable, Sendable {
        case begin
        /// The time that ``Action/wait(slot:generation:delay:)`` asked for is over.
        case due(slot: Int, generation: Int)
        case started(HostIdentity)
        case notStarted(slot: Int, generation: Int, reason: String)
        case ready(pid: Int32)
        /// The time to become ready is over.
        case late(pid: Int32)
        case died(pid: Int32, HostDeath.Ending)
        /// A death was looked into: whether it counts against code, which ``CrashRule`` takes out of service in time.
        case judged(HostDeath, isBlamed: Bool)
        case handOver
        case stop
    }

    package enum Action: Hashable, Sendable {
        case wait(slot: Int, generation: Int, delay: Duration)
        /// Answered with ``Event/started(_:)`` or ``Event/notStarted(slot:generation:reason:)``.
        case spawn(slot: Int, generation: Int)
        /// Ask it to finish its requests and end.
        case drain(pid: Int32)
        case kill(pid: Int32)
        /// Tell of a death that nobody asked for; answered with ``Event/judged(_:isBlamed:)``.
        case report(HostDeath)
        case note(FleetNote)
        case answerHandOver(HandOverOutcome)
        /// All hosts have ended; nil after an asked stop.
        case finish(failure: String?)
    }

    private enum Phase { case starting, overdue, ready, draining }

    private struct Host {
        let identity: HostIdentity
        var phase = Phase.starting
    }

    private struct Place: Hashable {
        let slot: Int
        let generation: Int
    }

    /// How often the first host may die by a signal before the command gives up.
    package static let firstStartsMax = 5

    private let count: Int
    private var hosts: [Int32: Host] = [:]
    private var policies: [RestartPolicy]
    private var awaited: Set<Place> = []
    /// Deaths that are being looked into before the place is filled again.
    private var unjudged: Set<HostDeath> = []
    private var generation = 1
    private var latestGeneration = 1
    /// The generation that is to take over.
    private var incoming: Int?
    private var isStopping = false
    private var hasServed = false
    private var failure: String?

    /// - Parameter count: Hosts to keep running, 1 to 16.
    package init(count: Int) {
        self.count = count
        policies = Array(repeating: RestartPolicy(), count: count)
    }

    /// The hosts that serve, by slot.
    package var serving: [HostIdentity] {
        hosts.values.filter { $0.phase == .ready }.map(\.identity).sorted { ($0.slot, $0.pid) < ($1.slot, $1.pid) }
    }

    package mutating func on(_ event: Event, at now: Timestamp) -> [Action] {
        switch event {
        case .begin: [spawn(1, generation)]
        case .due(let slot, let generation): due(Place(slot: slot, generation: generation))
        case .started(let identity): started(identity)
        case .notStarted(let slot, let generation, let reason):
            notStarted(Place(slot: slot, generation: generation), reason, now)
        case .ready(let pid): ready(pid)
        case .late(let pid): late(pid)
        case .died(let pid, let ending): died(pid, ending, now)
        case .judged(let death, let isBlamed): judged(death, isBlamed, now)
        case .handOver: handOver()
        case .stop: stop()
        }
    }

    private mutating func spawn(_ slot: Int, _ generation: Int) -> Action {
        awaited.insert(Place(slot: slot, generation: generation))
        return .spawn(slot: slot, generation: generation)
    }

    private func due(_ place: Place) -> [Action] {
        // A stop or a hand-over may have made it pointless.
        awaited.contains(place) ? [.spawn(slot: place.slot, generation: place.generation)] : []
    }

    private mutating func started(_ identity: HostIdentity) -> [Action] {
        let place = Place(slot: identity.slot, generation: identity.generation)
        let isWanted = awaited.remove(place) != nil
        hosts[identity.pid] = Host(identity: identity, phase: isWanted ? .starting : .draining)
        return isWanted ? [] : [.drain(pid: identity.pid)]
    }

    private mutating func ready(_ pid: Int32) -> [Action] {
        guard let host = hosts[pid], host.phase == .starting else { return [] }
        hosts[pid]?.phase = .ready
        policies[host.identity.slot - 1].becameReady()
        let note = Action.note(.ready(host.identity))
        if incoming == host.identity.generation { return [note] + advanceHandOver() }
        if hasServed { return [note] }
        hasServed = true
        return [note] + (1...count).dropFirst().map { spawn($0, generation) }
    }

    private mutating func late(_ pid: Int32) -> [Action] {
        guard let host = hosts[pid], host.phase == .starting else { return [] }
        hosts[pid]?.phase = .overdue
        return [.note(.late(host.identity)), .kill(pid: pid)]
    }

    private mutating func died(_ pid: Int32, _ ending: HostDeath.Ending, _ now: Timestamp) -> [Action] {
        guard let host = hosts.removeValue(forKey: pid) else { return [] }
        if host.phase == .draining { return [.note(.drained(host.identity))] + finishIfEmpty() }
        let death = HostDeath(host: host.identity, ending: ending, wasReady: host.phase == .ready, at: now)
        if incoming == host.identity.generation {
            let cause = host.phase == .overdue ? "was not ready in time" : "\(ending)"
            return [.report(death)] + failHandOver("the new host \(host.identity.slot) (\(pid)) \(cause)")
        }
        if hasServed {
            unjudged.insert(death)
            return [.report(death)]
        }
        let place = Place(slot: host.identity.slot, generation: host.identity.generation)
        // An exit by itself at the first start is an answer: the host has said what is missing, and would say it again.
        if case .exited = ending { return [.report(death)] + giveUp("the host process \(ending)") }
        let delay = policies[place.slot - 1].died(wasReady: death.wasReady, at: now)
        if policies[place.slot - 1].failedStarts == Self.firstStartsMax {
            return [.report(death)]
                + giveUp("the host process died \(Self.firstStartsMax) times before it served: it \(ending)")
        }
        return [.report(death), .note(.died(death, delay: delay)), startAgain(place, delay)]
    }

    /// Fills the place of a host that died. One that fell to code of a plugin is replaced at once: the crash rule
    /// bounds how often that happens, and to wait would take the host from everybody else.
    private mutating func judged(_ death: HostDeath, _ isBlamed: Bool, _ now: Timestamp) -> [Action] {
        guard unjudged.remove(death) != nil else { return [] }
        let host = death.host
        let delay =
            isBlamed && death.wasReady ? .zero : policies[host.slot - 1].died(wasReady: death.wasReady, at: now)
        let place = Place(slot: host.slot, generation: host.generation)
        return [.note(.died(death, delay: delay)), startAgain(place, delay)]
    }

    private mutating func notStarted(_ place: Place, _ reason: String, _ now: Timestamp) -> [Action] {
        guard awaited.remove(place) != nil else { return finishIfEmpty() }
        if incoming == place.generation { return failHandOver("host \(place.slot) can't be started: \(reason)") }
        guard hasServed else { return giveUp("the host process can't be started: \(reason)") }
        let delay = policies[place.slot - 1].died(wasReady: false, at: now)
        return [.note(.notStarted(slot: place.slot, reason: reason, delay: delay)), startAgain(place, delay)]
    }

    private mutating func startAgain(_ place: Place, _ delay: Duration) -> Action {
        if delay == .zero { return spawn(place.slot, place.generation) }
        awaited.insert(place)
        return .wait(slot: place.slot, generation: place.generation, delay: delay)
    }
}

extension FleetState {
    private mutating func handOver() -> [Action] {
        if isStopping { return [.answerHandOver(.refused("the supervisor is stopping."))] }
        if incoming != nil { return [.answerHandOver(.refused("a hand-over is under way."))] }
        guard hasServed else { return [.answerHandOver(.refused("no host serves yet."))] }
        latestGeneration += 1
        incoming = latestGeneration
        return [spawn(1, latestGeneration)]
    }

    /// Starts the next of the new hosts, or lets them take over.
    private mutating func advanceHandOver() -> [Action] {
        guard let incoming else { return [] }
        let new = serving.filter { $0.generation == incoming }
        if new.count < count { return [spawn(new.count + 1, incoming)] }
        let old = serving.filter { $0.generation != incoming }
        generation = incoming
        self.incoming = nil
        awaited = awaited.filter { $0.generation == generation }
        let replaced = new.map { host in
            Replacement(slot: host.slot, old: old.first { $0.slot == host.slot }?.pid, new: host.pid)
        }
        return drain { $0.generation != incoming } + [.answerHandOver(.done(replaced))]
    }

    private mutating func failHandOver(_ reason: String) -> [Action] {
        let failed = incoming
        incoming = nil
        awaited = awaited.filter { $0.generation != failed }
        return [.note(.handOverFailed(reason))] + drain { $0.generation == failed }
            + [.answerHandOver(.failed("\(reason); its log says why. The old hosts serve on."))]
    }

    private mutating func stop() -> [Action] {
        guard !isStopping else { return [] }
        isStopping = true
        awaited = []
        var actions: [Action] = []
        if incoming != nil { actions.append(.answerHandOver(.refused("the supervisor is stopping."))) }
        incoming = nil
        actions += drain { _ in true }
        return actions + finishIfEmpty()
    }

    private mutating func giveUp(_ reason: String) -> [Action] {
        failure = reason
        return stop()
    }

    private mutating func drain(_ isMeant: (HostIdentity) -> Bool) -> [Action] {
        let meant = hosts.values.filter { $0.phase != .draining && isMeant($0.identity) }.map(\.identity)
        return meant.sorted { $0.slot < $1.slot }.map { identity in
            hosts[identity.pid]?.phase = .draining
            return .drain(pid: identity.pid)
        }
    }

    private func finishIfEmpty() -> [Action] {
        isStopping && hosts.isEmpty && awaited.isEmpty ? [.finish(failure: failure)] : []
    }
}
