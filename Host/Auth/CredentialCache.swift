package import HostModel
import Synchronization

/// Verified access tokens and their principals, so that a request doesn't pay for a signature and a database read.
///
/// One per process; called from any thread, holds its lock for a few dictionary operations and never waits.
/// Bounded: the oldest entry leaves first, which with tokens of one lifetime is about the one that expires first.
/// The whole token is the key, so a truncated or altered one never hits.
///
/// What roles grant is the manifests' to say, so a principal holds for one edition: the number of the set of plugins
/// whose manifests it was worked out with. Another set never sees it; revocations reach the principals of all.
package final class CredentialCache: Sendable {
    /// Proof of when a verification began; see ``begin(edition:at:)``.
    package struct Ticket: Sendable {
        fileprivate let epoch: UInt64
        fileprivate let edition: Int
        fileprivate let began: Timestamp
    }

    /// Entries at most, by default: about 100 MB of tokens and principals.
    package static let defaultEntriesMax = 100_000

    private let freshness: Duration
    private let state: Mutex<CredentialTable>

    /// - Parameters:
    ///   - entriesMax: At least 1.
    ///   - freshness: How long an entry serves before the credential is checked again: the bound on a revocation that
    ///     was never delivered.
    package init(entriesMax: Int = defaultEntriesMax, freshness: Duration = .seconds(60)) {
        precondition(entriesMax >= 1)
        self.freshness = freshness
        state = Mutex(CredentialTable(entriesMax: entriesMax))
    }

    /// The principal of a token that was verified before and is neither expired nor forgotten.
    ///
    /// - Parameter edition: Of the set of plugins that asks.
    package func lookup(_ token: String, edition: Int = 0, at now: Timestamp) -> Principal? {
        state.withLock { table in table.principal(of: TokenKey(token), edition: edition, at: now) }
    }

    /// Call before verifying a token; ``insert(_:_:_:)`` needs the ticket.
    ///
    /// A verification reads the session from the database, and a revocation may be committed and announced between that
    /// read and the insert. Without the ticket, the insert would bring a revoked credential back to life.
    package func begin(edition: Int = 0, at now: Timestamp) -> Ticket {
        state.withLock { table in Ticket(epoch: table.epoch, edition: edition, began: now) }
    }

    /// Keeps a verified token, unless anything was forgotten since the ticket was drawn.
    ///
    /// - Returns: Whether it was kept. If not, the request at hand goes on (its check came before the revocation) and
    ///   the next one verifies again.
    @discardableResult
    package func insert(_ token: String, _ principal: Principal, _ ticket: Ticket) -> Bool {
        let until = min(principal.expires, ticket.began + freshness)
        return state.withLock { table in
            guard table.epoch == ticket.epoch else { return false }
            table.insert(TokenKey(token), edition: ticket.edition, principal, until: until)
            return true
        }
    }

    /// Signed out, or the refresh token was used twice.
    package func forget(session: SessionID) {
        state.withLock { table in table.forget(table.slots(of: session)) }
    }

    /// Disabled, or the roles or the password changed.
    package func forget(user: UserID) {
        state.withLock { table in table.forget(table.slots(of: user)) }
    }

    /// Suspended, or the tier changed.
    package func forget(business: BusinessID) {
        state.withLock { table in table.forget(table.slots(of: business)) }
    }

    /// After revocations may have been missed: the listening connection was lost.
    package func forgetAll() {
        state.withLock { table in table.forgetAll() }
    }

    package var count: Int { state.withLock { table in table.count } }
}
