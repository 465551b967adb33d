import HostManifest
package import HostModel
import HostPostgres
import Synchronization

/// Opens transactions for operations.
package struct OperationTransactions: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source
    let plans: EntityPlans
    let vault: RecordVault
    let customFields: CustomFieldStore

    /// Runs the body in one transaction: commits when it returns, rolls back when it throws.
    ///
    /// A transaction that PostgreSQL gave up for another one (SQLSTATE 40001, 40P01) is run once more, so the body may
    /// run twice.
    ///
    /// In a joined transaction it is run once, and committed by the transaction's owner.
    ///
    /// - Throws: What the body throws; `conflict` with the member `retryable` when it was given up twice.
    package func run<Result>(
        _ terms: TransactionTerms, _ body: (OperationTransaction) async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        do {
            return try await attempt(terms, body)
        } catch  where error == .givenUp && terms.joined == nil {
            return try await attempt(terms, body)
        }
    }

    private func attempt<Result>(
        _ terms: TransactionTerms, _ body: (OperationTransaction) async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let scope = TenantScope(terms.principal, request: terms.request, joined: terms.joined)
        let conflict = Mutex<ScheduleConflicts.Attempt?>(nil)
        do {
            return try await lane.transaction(in: scope, deadline: terms.timeout, isReadOnly: terms.isReadOnly) {
                let rows = try await $0.execute(SQLCommand(BusinessStatements.facts, []))
                guard let business = BusinessFacts(rows, of: scope.business) else { throw Problem.sessionEnded }
                let transaction = OperationTransaction(
                    business: business, terms: terms, scope: scope, plans: plans, ids: ids, lane: lane, vault: vault,
                    customFields: customFields, transaction: $0)
                defer { conflict.withLock { $0 = transaction.conflict.withLock { $0 } } }
                return try await body(transaction)
            }
        } catch {
            guard let attempt = conflict.withLock({ $0 }) else { throw error }
            throw await ScheduleConflicts(lane: lane).completed(error, attempt, in: scope)
        }
    }
}
