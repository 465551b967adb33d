package import HostModel

/// The end of a host process that nobody asked for.
package struct HostDeath: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let pid: Int32
    package let cause: Cause
    /// Which start of a host it was, from 1; 0 when that isn't known.
    package let generation: Int
    package let at: Timestamp

    package init(pid: Int32, cause: Cause, generation: Int, at: Timestamp) {
        self.pid = pid
        self.cause = cause
        self.generation = generation
        self.at = at
    }
}

/// Exit codes by which a host says more than that it failed.
package enum HostExit {
    /// It has finished its requests and wants to be replaced at once (sysexits(3): EX_TEMPFAIL).
    package static let recycled: Int32 = 75
}
