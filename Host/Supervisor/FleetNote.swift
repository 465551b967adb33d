/// What happened to a host, for the log.
package enum FleetNote: Hashable, Sendable {
    case ready(HostIdentity)
    case died(HostDeath, delay: Duration)
    case notStarted(slot: Int, reason: String, delay: Duration)
    /// It didn't become ready in time and is killed.
    case late(HostIdentity)
    /// It has ended after it was asked to.
    case drained(HostIdentity)
    case handOverFailed(String)
}

/// A place in the fleet whose host was replaced; `old` is nil where none served.
package struct Replacement: Hashable, Sendable {
    package let slot: Int
    package let old: Int32?
    package let new: Int32

    package init(slot: Int, old: Int32?, new: Int32) {
        self.slot = slot
        self.old = old
        self.new = new
    }
}

/// How a hand-over ended.
package enum HandOverOutcome: Hashable, Sendable {
    /// The new hosts serve; the old ones finish their requests and end.
    case done([Replacement])
    /// One of the new ones didn't become ready; the old ones serve on.
    case failed(String)
    /// Nothing was begun.
    case refused(String)
}
