package import Foundation
import NIOCore

/// On whose account something takes a connection, and how long it likes to stand in line for one.
package struct Share: Sendable {
    /// Who takes turns with other owners and never has all connections; nil for the host itself, which may.
    package let owner: UUID?
    /// Whoever stood in line for so long is refused with ``DatabaseError/Code/queueFull`` while the line stays too
    /// long, see ``Congestion``; nil until its deadline.
    package let waitMax: Duration?

    /// The host's own work: nobody's share, and as patient as its deadline.
    package static let host = Share(owner: nil, waitMax: nil)

    package init(owner: UUID?, waitMax: Duration?) {
        self.owner = owner
        self.waitMax = waitMax
    }

    /// Until when it likes to stand in line; never after the deadline.
    func likes(_ now: NIODeadline, deadline: NIODeadline) -> NIODeadline {
        guard let waitMax else { return deadline }
        return min(deadline, now + TimeAmount(waitMax))
    }
}
