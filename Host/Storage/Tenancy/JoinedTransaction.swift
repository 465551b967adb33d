import HostPostgres
import Synchronization

/// An open transaction of one business that every store of a request works in, so that it is kept or undone as one.
///
/// Its owner commits. Used by one task at a time.
package final class JoinedTransaction: Sendable {
    private let transaction: DatabaseTransaction
    private let isUsed = Atomic(false)

    init(_ transaction: DatabaseTransaction) {
        self.transaction = transaction
    }

    /// Whether any store has sent something: a request that was refused before that has executed nothing.
    var hasBegun: Bool { isUsed.load(ordering: .relaxed) }

    /// The transaction, for the next statement.
    func begun() -> DatabaseTransaction {
        isUsed.store(true, ordering: .relaxed)
        return transaction
    }
}
