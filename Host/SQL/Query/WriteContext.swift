package import Foundation
package import HostModel

/// Which records a person may touch.
package enum RecordScope: Hashable, Sendable {
    /// Every record of the business.
    case business
    /// Records made by that user.
    case own(UserID)

    /// The parameter of the `own` forms; nil for the whole business.
    var owner: UserID? {
        if case .own(let user) = self { user } else { nil }
    }
}

/// Who writes, why, and the ids of the rows that record it. Made by the storage room for each write.
package struct WriteContext: Hashable, Sendable {
    /// Who is at work, as the audit trail names it.
    package struct Actor: Hashable, Sendable {
        /// `user`, `api_key` or `system`.
        package let kind: String
        package let id: UUID

        package init(kind: String, id: UUID) {
            self.kind = kind
            self.id = id
        }

        package static func user(_ user: UserID) -> Actor { Actor(kind: "user", id: user.uuid) }
    }

    package let actor: Actor
    package let request: RequestID?
    package let scope: RecordScope
    /// The id of the row in `audit.entry`.
    package let entryID: UUID
    /// The id of the row in `events.outbox`, used when a transition emits.
    package let eventID: UUID

    package init(actor: Actor, request: RequestID?, scope: RecordScope, entryID: UUID, eventID: UUID) {
        self.actor = actor
        self.request = request
        self.scope = scope
        self.entryID = entryID
        self.eventID = eventID
    }
}

extension UUID {
    /// The lower-case form, as PostgreSQL prints it.
    var parameter: String { UUIDText.text(self) }
}
