package import Foundation
import NIOCore

/// On whose account something takes a connection, and how long it may stand in line for one.
package struct Share: Sendable {
    /// Who takes turns with other owners and never has all connections; nil for the host itself, which may.
    package let owner: UUID?
    /// Whoever stood in line for so long is refused with ``DatabaseError/Code/queueFull``; nil until its deadline.
    package let waitMax: Duration?

    /// The host's own work: nobody's share, and as patient as its deadline.
    package static let host = Share(owner: nil, waitMax: nil)

    package init(owner: UUID?, waitMax: Duration?) {
        self.owner = owner
        self.waitMax = waitMax
    }

    /// When it leaves the line, served or not.
    func leaveAt(_ now: NIODeadline, deadline: NIODeadline) -> NIODeadline {
        guard let waitMax else { return deadline }
        return min(deadline, now + TimeAmount(waitMax))
    }
}
