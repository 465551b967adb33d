package import HostModel

/// Decides how long a place in the fleet stays empty after its host died.
///
/// A host that had served is replaced at once: most deaths are one bad request. One that dies over and over, or before
/// it ever serves, is tried again after 1 s, 2 s, 4 s, up to 2 minutes, for ever: the cause may lie outside.
package struct RestartPolicy: Sendable {
    /// Deaths of serving hosts within the window that are answered at once.
    package static let deathsAtOnce = 5
    package static let window: Duration = .seconds(60)
    package static let delayMax: Duration = .seconds(120)

    private var deaths: [Timestamp] = []
    /// Deaths before becoming ready, one after the other.
    package private(set) var failedStarts = 0

    package init() {}

    /// Takes note of a host that serves.
    package mutating func becameReady() { failedStarts = 0 }

    /// Takes note of a death and says how long to wait.
    package mutating func died(wasReady: Bool, at now: Timestamp) -> Duration {
        guard wasReady else {
            failedStarts += 1
            return Self.delay(after: failedStarts)
        }
        deaths.removeAll { now - $0 > Self.window }
        deaths.append(now)
        return deaths.count <= Self.deathsAtOnce ? .zero : Self.delay(after: deaths.count - Self.deathsAtOnce)
    }

    /// 1 s, 2 s, 4 s, …, 120 s.
    private static func delay(after count: Int) -> Duration { min(.seconds(1 << min(count - 1, 7)), delayMax) }
}
