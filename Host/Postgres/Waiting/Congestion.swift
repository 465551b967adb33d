import NIOCore

/// Tells a line that is too long from one that moves slowly for a moment, as after a hand-over or a checkpoint. Pure.
///
/// Those who have stood in it for longer than they like are sent away only once there have been such for the grace.
/// A moment's delay then costs a late answer and no refusal; while more is asked than can be done, whoever is admitted
/// is admitted in time. The idea is CoDel's (RFC 8289): a delay is bad when it stays.
struct Congestion {
    /// So long after the last late one a line is good again.
    static let calm = TimeAmount.milliseconds(500)

    private let grace: TimeAmount
    private var begin = NIODeadline.distantPast
    private var lastLate = NIODeadline.distantPast

    init(grace: Duration) {
        self.grace = TimeAmount(grace)
    }

    /// Asked for each that waits, or is next, often enough to notice within ``calm``.
    ///
    /// - Parameters:
    ///   - likes: Until when it likes to stand in line.
    ///   - deadline: Until when it stands there at most.
    /// - Returns: Whether it has to leave now.
    mutating func sendsAway(likes: NIODeadline, deadline: NIODeadline, at now: NIODeadline) -> Bool {
        guard deadline > now else { return true }
        guard likes <= now else { return false }
        if now > lastLate + Self.calm { begin = now }
        lastLate = now
        return now >= begin + grace
    }
}
