package import Foundation
package import HostModel

/// One thing that was done, as the audit log keeps it: ids and commitments, no personal data.
///
/// Written in the transaction of the effect; its place in the log (index, previous hash) is given later, by whoever
/// builds the ``AuditLeaf``.
package struct AuditEntry: Hashable, Sendable {
    /// Who acted. The raw value is the byte in the leaf.
    package enum ActorKind: UInt8, Hashable, Sendable, CaseIterable {
        case system = 0
        case user = 1
        case apiKey = 2
        case aiAgent = 3
        case plugin = 4
        case `operator` = 5
    }

    /// UUIDv7; the API answers with it as `Audit-Id`.
    package let eventID: UUID
    package let time: Timestamp
    package let actorKind: ActorKind
    /// A pseudonymous id, never an e-mail address; nil for the system.
    package let actorID: UUID?
    /// The person whom the payload is about, by the id of their key; nil for none.
    package let subjectID: UUID?
    /// Such as `hs.invoice.update`.
    package let action: String
    /// Kind and id, such as `hs.invoice/018f…`; never a name.
    package let object: String
    package let payloadCommitment: AuditCommitment
    /// Of the address, user agent, trace and approvals.
    package let contextCommitment: AuditCommitment

    package init(
        eventID: UUID, time: Timestamp, actorKind: ActorKind, actorID: UUID?, subjectID: UUID?, action: String,
        object: String, payloadCommitment: AuditCommitment, contextCommitment: AuditCommitment
    ) {
        self.eventID = eventID
        self.time = time
        self.actorKind = actorKind
        self.actorID = actorID
        self.subjectID = subjectID
        self.action = action
        self.object = object
        self.payloadCommitment = payloadCommitment
        self.contextCommitment = contextCommitment
    }
}
