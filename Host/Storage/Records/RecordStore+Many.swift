package import HostModel
import HostPostgres
package import HostSQL

extension RecordStore {
    /// Runs steps in one transaction, in order.
    ///
    /// Each step works in the scope that it is given, one after the other. A step of a partial run that refuses is
    /// undone alone. A transaction that PostgreSQL gave up for another one is run once more, so steps may run twice.
    ///
    /// - Parameters:
    ///   - count: How many steps.
    ///   - scope: The business.
    ///   - deadline: For all of them.
    ///   - isPartial: Whether steps stand alone; else the first refusal undoes all and is thrown.
    ///   - step: Does one, by its number.
    /// - Returns: What each step gave, or why it refused.
    package func together<Answer: Sendable>(
        _ count: Int, in scope: TenantScope, deadline: Duration, isPartial: Bool,
        _ step: (Int, TenantScope) async throws(Problem) -> Answer
    ) async throws(Problem) -> [Result<Answer, Problem>] {
        do {
            return try await attempt(count, scope, deadline, isPartial, step)
        } catch {
            guard error == .givenUp, scope.joined == nil else { throw error }
            return try await attempt(count, scope, deadline, isPartial, step)
        }
    }

    private func attempt<Answer: Sendable>(
        _ count: Int, _ scope: TenantScope, _ deadline: Duration, _ isPartial: Bool,
        _ step: (Int, TenantScope) async throws(Problem) -> Answer
    ) async throws(Problem) -> [Result<Answer, Problem>] {
        try await lane.transaction(in: scope, deadline: deadline) { transaction in
            let joined = JoinedTransaction(transaction)
            var answers: [Result<Answer, Problem>] = []
            for number in 0..<count {
                if isPartial { joined.mark() }
                do throws(Problem) {
                    answers.append(.success(try await step(number, scope.joining(joined))))
                } catch {
                    guard isPartial, error.concernsOneStep else { throw error }
                    try await joined.undoToMark()
                    answers.append(.failure(error))
                }
            }
            return answers
        }
    }

    /// Makes the record with an external id, or changes the one that has it already; never two, however many come at
    /// once.
    ///
    /// - Parameters:
    ///   - plan: The entity.
    ///   - externalID: The record's name in another system.
    ///   - new: All values of a new record; see ``create(_:_:in:)``.
    ///   - changes: The values that replace those of a record that is there.
    ///   - version: The version that a record must have; nil to take any.
    ///   - scope: The business.
    ///   - reach: How far the caller's permission to change records reaches.
    ///   - id: Of a new record.
    ///   - lines: What the caller may do to lines.
    /// - Returns: The record, its id, and whether it is new.
    /// - Throws: As ``create(_:_:in:)`` and ``update(_:_:version:_:in:reach:)``. A record that is out of reach is
    ///   `not_found`: that it is there is no secret, since its external id is taken.
    package func upsert(
        _ plan: EntityPlan, external externalID: String, new: [String: JSONValue], changes: [String: JSONValue],
        version: Int64?, in scope: TenantScope, reach: PermissionScope, id: RecordID, lines: LineRights = .none
    ) async throws(Problem) -> (record: StoredRecord, id: RecordID, isNew: Bool) {
        try await lane.transaction(in: scope) { transaction in
            let joined = JoinedTransaction(transaction)
            let inside = scope.joining(joined)
            if let found = try await self.id(plan, external: externalID, in: inside) {
                let record = try await update(
                    plan, found, version: version, changes, in: inside, reach: reach, lines: lines)
                return (record, found, false)
            }
            guard version == nil else {
                throw Problem(.versionConflict, "There is no record with this external id yet.")
            }
            joined.mark()
            do throws(Problem) {
                return (try await create(plan, new, in: inside, lines: lines), id, true)
            } catch {
                guard error.code == .alreadyExists else { throw error }
                try await joined.undoToMark()
                // Somebody else made it since we looked; anything else that is taken stays a refusal.
                guard let found = try await self.id(plan, external: externalID, in: inside) else { throw error }
                let record = try await update(
                    plan, found, version: version, changes, in: inside, reach: reach, lines: lines)
                return (record, found, false)
            }
        }
    }

    /// Locked until the transaction ends.
    private func id(
        _ plan: EntityPlan, external externalID: String, in scope: TenantScope
    ) async throws(Problem) -> RecordID? {
        let rows = try await lane.write(plan.find(external: externalID), in: scope)
        return rows.count == 1 ? rows.text(0, 0).flatMap { RecordID($0) } : nil
    }
}

extension Problem {
    /// Whether only the step is at fault: false for what would meet the next step too.
    fileprivate var concernsOneStep: Bool {
        switch code {
        case .unavailable, .deadlineExceeded, .internalError, .rateLimited: false
        default: members["retryable"] != true
        }
    }
}
