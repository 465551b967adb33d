package import HostModel

/// Decides whether and when a host process that died is started again.
///
/// Waits 1 s after the first death and twice as long after each next one, up to 30 s; gives up when five deaths fall
/// into one minute, since a process that can't stay up needs a person.
package struct RestartPolicy: Sendable {
    package enum Decision: Hashable, Sendable {
        case restart(after: Duration)
        case giveUp(deaths: Int)
    }

    package static let deathsMax = 5
    package static let window: Duration = .seconds(60)
    private static let delayMax: Duration = .seconds(30)

    private var deaths: [Timestamp] = []

    package init() {}

    /// Takes note of a death.
    package mutating func died(at now: Timestamp) -> Decision {
        deaths.removeAll { now - $0 > Self.window }
        deaths.append(now)
        guard deaths.count < Self.deathsMax else { return .giveUp(deaths: deaths.count) }
        return .restart(after: min(.seconds(1 << (deaths.count - 1)), Self.delayMax))
    }
}
