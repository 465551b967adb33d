package import HostModel

/// A host process that ended though nobody asked it to.
package struct HostDeath: Hashable, Sendable {
    package enum Ending: Hashable, Sendable, CustomStringConvertible {
        case exited(code: Int32)
        case signalled(Int32)

        /// "ended with exit code 3", "was ended by signal 9"
        package var description: String {
            switch self {
            case .exited(let code): "ended with exit code \(code)"
            case .signalled(let signal): "was ended by signal \(signal)"
            }
        }
    }

    package let host: HostIdentity
    package let ending: Ending
    /// Whether it had ever served.
    package let wasReady: Bool
    package let at: Timestamp

    package var pid: Int32 { host.pid }
    /// Of the process: 1 for those of the first start, one more with each hand-over.
    package var generation: Int { host.generation }

    package init(host: HostIdentity, ending: Ending, wasReady: Bool, at: Timestamp) {
        self.host = host
        self.ending = ending
        self.wasReady = wasReady
        self.at = at
    }
}

/// One host process: the place in the fleet that it fills, and since which hand-over.
package struct HostIdentity: Hashable, Sendable {
    package let pid: Int32
    /// 1 to the number of hosts, 0 when it isn't known; a host started in the place of another has the same.
    package let slot: Int
    package let generation: Int

    package init(pid: Int32, slot: Int, generation: Int) {
        self.pid = pid
        self.slot = slot
        self.generation = generation
    }
}

/// Exit codes by which a host says more than that it failed.
package enum HostExit {
    /// It has finished its requests and wants to be replaced at once (sysexits(3): EX_TEMPFAIL).
    package static let recycled: Int32 = 75
}
