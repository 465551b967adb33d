package import HostModel

/// An open transaction on a connection of its own; it ends with the body of ``Database/transaction(deadline:_:)``.
package final class DatabaseTransaction: Sendable {
    init() {}

    /// Runs one statement. After a refusal only a rollback can follow: let the error out of the body.
    package func execute(_ command: SQLCommand) async throws(DatabaseError) -> Rows {
        throw DatabaseError(.unavailable, detail: "not connected")
    }

    /// Runs several statements in one round trip.
    package func execute(_ commands: [SQLCommand]) async throws(DatabaseError) -> [Rows] {
        throw DatabaseError(.unavailable, detail: "not connected")
    }
}
