/// Why the database gave no answer, or a refusal.
package struct DatabaseError: Error, Sendable {
    /// What to do about it. Open-ended: switch with a default.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// PostgreSQL said no; `sqlState` tells why. Nothing of the unit was kept.
        package static let refused = Code(description: "refused")
        /// No connection, or it was lost. A unit that was running may or may not have been kept.
        package static let unavailable = Code(description: "unavailable")
        /// Too many units are waiting; nothing was sent.
        package static let queueFull = Code(description: "queue_full")
        /// The unit's time ran out. If it was running it may or may not have been kept.
        package static let deadlineExceeded = Code(description: "deadline_exceeded")
        /// The answers didn't fit the questions; the connection was dropped.
        package static let protocolViolation = Code(description: "protocol_violation")
    }

    package let code: Code
    /// Five characters, such as `23505`; present when PostgreSQL itself answered.
    package var sqlState: String?
    package var constraint: String?
    package var schema: String?
    package var table: String?
    package var column: String?
    /// Which of the statements that were run together was refused; nil when it was none of them alone.
    package var command: Int?
    /// What happened, in the server's words: for the log only, since it can quote values.
    package var detail: String

    package init(_ code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }
}

extension DatabaseError {
    /// The same error as seen by one whose statements came after that many others.
    package func behind(_ count: Int) -> DatabaseError {
        var error = self
        error.command = command.flatMap { $0 < count ? nil : $0 - count }
        return error
    }
}
