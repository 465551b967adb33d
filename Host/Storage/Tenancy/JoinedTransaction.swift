import HostModel
import HostPostgres
import Synchronization

/// An open transaction of one business that every store of a request works in, so that it is kept or undone as one.
///
/// Its owner commits. Used by one task at a time.
package final class JoinedTransaction: Sendable {
    private struct State {
        var isUsed = false
        /// Whether the savepoint of a step is still to be set: it travels with the step's first statement.
        var isMarkDue = false
    }

    private let transaction: DatabaseTransaction
    private let state = Mutex(State())

    init(_ transaction: DatabaseTransaction) {
        self.transaction = transaction
    }

    /// Whether any store has sent something: a request that was refused before that has executed nothing.
    var hasBegun: Bool { state.withLock(\.isUsed) }

    /// The transaction, for a store that runs several statements by itself.
    func begun() async throws(DatabaseError) -> DatabaseTransaction {
        let isMarkDue = use()
        if isMarkDue { _ = try await transaction.execute(Savepoint.step.set) }
        return transaction
    }

    /// Runs statements in one round trip; one answer each.
    func execute(_ commands: [SQLCommand]) async throws(DatabaseError) -> [Rows] {
        guard use() else { return try await transaction.execute(commands) }
        do throws(DatabaseError) {
            return Array(try await transaction.execute([Savepoint.step.set] + commands).dropFirst())
        } catch {
            throw error.behind(1)
        }
    }

    /// Begins a step that can be undone alone.
    func mark() { state.withLock { $0.isMarkDue = true } }

    /// Undoes the step; nothing is to be undone when it sent nothing.
    func undoToMark() async throws(DatabaseError) {
        let wasDue = state.withLock { state in
            defer { state.isMarkDue = false }
            return state.isMarkDue
        }
        if !wasDue { try await transaction.undo(to: .step) }
    }

    /// Whether a savepoint comes first.
    private func use() -> Bool {
        state.withLock { state in
            defer { state = State(isUsed: true) }
            return state.isMarkDue
        }
    }
}
