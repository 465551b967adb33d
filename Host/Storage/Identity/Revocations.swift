package import HostAuth
package import HostModel
package import HostPostgres

/// Makes this host forget credentials that any host revoked, within the time of one notification.
package struct Revocations: Sendable {
    package static let channel = "thorbis_revoked"

    /// Whose credentials ended. Its text goes over the channel: `session:<uuid>`, `user:<uuid>`, `business:<uuid>`,
    /// and `custom:<uuid>` for a business whose custom fields changed.
    package enum Message: Hashable, Sendable, LosslessStringConvertible {
        case session(SessionID)
        case user(UserID)
        case business(BusinessID)
        case customFields(BusinessID)

        package init?(_ description: String) {
            let parts = description.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "session": self.init(SessionID(parts[1]).map(Message.session))
            case "user": self.init(UserID(parts[1]).map(Message.user))
            case "business": self.init(BusinessID(parts[1]).map(Message.business))
            case "custom": self.init(BusinessID(parts[1]).map(Message.customFields))
            default: return nil
            }
        }

        private init?(_ parsed: Message?) {
            guard let parsed else { return nil }
            self = parsed
        }

        package var description: String {
            switch self {
            case .session(let id): "session:\(id)"
            case .user(let id): "user:\(id)"
            case .business(let id): "business:\(id)"
            case .customFields(let id): "custom:\(id)"
            }
        }
    }

    private let listener: Listener
    private let credentials: CredentialCache
    private let customFields: CustomFieldCache

    /// - Parameters:
    ///   - listener: Listens on ``channel``.
    ///   - credentials: Those of this host.
    ///   - customFields: Those that this host knows.
    package init(listener: Listener, credentials: CredentialCache, customFields: CustomFieldCache) {
        self.listener = listener
        self.credentials = credentials
        self.customFields = customFields
    }

    /// Works until its task is cancelled.
    package func run() async {
        for await event in listener.events() { apply(event) }
    }

    func apply(_ event: Listener.Event) {
        guard case .notification(_, let payload) = event, let message = Message(payload) else {
            // Listening again, or a message from a newer host: what was revoked meanwhile isn't known.
            customFields.forgetAll()
            return credentials.forgetAll()
        }
        switch message {
        case .session(let id): credentials.forget(session: id)
        case .user(let id): credentials.forget(user: id)
        case .business(let id): credentials.forget(business: id)
        case .customFields(let id):
            customFields.forget(id)
            // Principals know which of them they don't see.
            credentials.forget(business: id)
        }
    }
}
