package import HostModel

/// Decides when a hand-over that hosts ask for is made: at once, or when enough time has passed since the last one.
/// Pure.
///
/// Code is never unmapped, so a host that has mapped much asks for fresh ones. With reloads every few seconds it would
/// ask all the time, and starting hosts takes the processor from requests.
package struct HandOverSchedule: Sendable {
    package enum Decision: Hashable, Sendable {
        case now
        /// Ask again then.
        case after(Duration)
        /// Fresh hosts serve since it was asked for.
        case never
    }

    /// The least time between two that hosts asked for.
    private let pause: Duration
    /// When the last one by request of a host began.
    private var begun: Timestamp?
    /// When the last one of any kind ended well.
    private var done: Timestamp?

    package init(pause: Duration) {
        self.pause = pause
    }

    /// - Parameter asked: When a host asked.
    package func decision(asked: Timestamp, now: Timestamp) -> Decision {
        if let done, asked < done { return .never }
        guard let begun else { return .now }
        let rest = pause - (now - begun)
        return rest > .zero ? .after(rest) : .now
    }

    /// Takes note of one that is made because a host asked; also of one that fails then.
    package mutating func begins(at now: Timestamp) { begun = now }

    /// Takes note of fresh hosts, whoever asked for them.
    package mutating func ended(at now: Timestamp) { done = now }
}
