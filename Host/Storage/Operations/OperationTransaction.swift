import Foundation
package import HostManifest
package import HostModel
import HostPostgres
import HostSQL
import Synchronization

/// One transaction of one business, as operations use it: records in JSON form, as GET shows them.
///
/// The business's own fields that the caller doesn't see aren't there for the plugin's code either: it works for them.
/// Used by one task at a time. A thrown problem leaves the transaction fit for nothing but a rollback.
/// Values are keyed by field name or by column.
package final class OperationTransaction: Sendable {
    /// The business that the transaction is bound to.
    package let business: BusinessFacts
    private let terms: TransactionTerms
    private let scope: TenantScope
    private let plans: EntityPlans
    private let ids: UUIDv7Source
    private let lane: TenantLane
    private let vault: RecordVault
    private let customFields: CustomFieldStore
    private let transaction: DatabaseTransaction
    /// The write that ended in `schedule_conflict`; whoever opened the transaction asks after its rollback.
    let conflict = Mutex<ScheduleConflicts.Attempt?>(nil)

    /// Records that one `find` may give.
    package static let findLimitMax = 1_000

    init(
        business: BusinessFacts, terms: TransactionTerms, scope: TenantScope, plans: EntityPlans, ids: UUIDv7Source,
        lane: TenantLane, vault: RecordVault, customFields: CustomFieldStore, transaction: DatabaseTransaction
    ) {
        self.business = business
        self.terms = terms
        self.scope = scope
        self.plans = plans
        self.ids = ids
        self.lane = lane
        self.vault = vault
        self.customFields = customFields
        self.transaction = transaction
    }

    /// A record with its lines, nil when this business has none with that id; `locked` holds it until the end, and
    /// gives it without lines.
    package func read(
        _ entity: EntityReference, _ id: RecordID, locked: Bool
    ) async throws(Problem) -> StoredRecord? {
        let plan = try plan(of: entity)
        let command = locked ? plan.lock(id, for: reach(entity)) : plan.read(id, for: reach(entity))
        return try await opened(records(await run(command, plan), plan), of: [id], plan).first
    }

    /// Records whose fields equal `matching`, ordered by id, at most `limit` (1 to ``findLimitMax``), without lines.
    package func find(
        _ entity: EntityReference, matching: [String: JSONValue], limit: Int
    ) async throws(Problem) -> [StoredRecord] {
        let plan = try plan(of: entity)
        var matching = matching
        if case .own(let user) = reach(entity) { matching["created_by"] = .string(user.description) }
        let limit = min(max(limit, 1), Self.findLimitMax)
        return try await opened(
            records(await run(try plan.find(matching: matching, limit: limit), plan), plan), plan)
    }

    /// Stores a new record and gives it back.
    package func create(
        _ entity: EntityReference, _ values: [String: JSONValue]
    ) async throws(Problem) -> StoredRecord {
        let plan = try plan(of: entity)
        let checked = try await checked(values, plan, for: .composition)
        let record = try await vault.sealed(
            try NewRecord(await numbered(checked.values, plan), orID: ids.next()), plan, in: scope)
        let attempt = ScheduleConflicts.Attempt(
            plan: plan, id: record.id, document: try plan.document(of: record), scope: reach(entity))
        let rows = try await run(try plan.create(record, by: context(entity)), plan, attempt)
        for command in checked.indexing(record.id, of: plan) { _ = try await run(command, plan) }
        guard let made = try await opened(records(rows, plan), of: [record.id], plan).first else { throw .failed }
        return made
    }

    /// Changes fields of a record whose version is still `version`, and gives it back.
    ///
    /// - Throws: As `RecordStore.update`.
    package func update(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ values: [String: JSONValue]
    ) async throws(Problem) -> StoredRecord {
        let plan = try plan(of: entity)
        let checked = try await checked(values, plan, for: .change)
        let values = try await vault.sealed(checked.values, of: id, plan, in: scope)
        let command = try plan.update(id, version: version, values: values, by: context(entity))
        let attempt = ScheduleConflicts.Attempt(
            plan: plan, id: id, document: try plan.document(changing: values), scope: reach(entity))
        let record = try ChangeAnswer(await run(command, plan, attempt), of: plan, in: scope).record()
        for command in checked.indexing(id, of: plan) { _ = try await run(command, plan) }
        return try await opened([record], of: [id], plan)[0]
    }

    /// Adds steps to counters of a record, whatever its version, and gives it back.
    ///
    /// - Throws: As `RecordStore.adjust`. The counters in the refusal are those that this transaction sees.
    package func adjust(
        _ entity: EntityReference, _ id: RecordID, adding steps: [String: Int64], reason: String?
    ) async throws(Problem) -> StoredRecord {
        let plan = try plan(of: entity)
        let command = try plan.adjust(id, version: nil, adding: steps, reason: reason, by: context(entity))
        let rows: Rows
        do {
            // Undone alone when it is refused: the record is read once more then, to tell how far it can go.
            rows = try await transaction.attempt(command).get()
        } catch {
            let problem = lane.refusals.problem(error, request: scope.request, constraints: plan.constraints)
            guard problem.code == .validationFailed else { throw problem }
            let record = try records(await run(plan.lock(id, for: reach(entity)), plan), plan).first
            throw record.flatMap { plan.entity.counterRefusal(adding: steps, toRecord: $0.json.bytes) } ?? problem
        }
        let record = try ChangeAnswer(rows, of: plan, in: scope).record()
        return try await opened([record], of: [id], plan)[0]
    }

    /// Moves a record through a declared transition, changing fields in the same step. Its event, if it emits one, is
    /// put into the outbox here; its subscribers are the caller's to run.
    ///
    /// - Throws: As `RecordStore.transition`.
    package func transition(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ name: String, _ values: [String: JSONValue],
        reason: String?
    ) async throws(Problem) -> StoredRecord {
        let plan = try plan(of: entity)
        let checked = try await checked(values, plan, for: .change)
        let values = try await vault.sealed(checked.values, of: id, plan, in: scope)
        let command = try plan.transition(
            id, name, version: version, values: values, reason: reason, by: context(entity))
        let attempt = ScheduleConflicts.Attempt(
            plan: plan, id: id, document: try plan.document(changing: values), scope: reach(entity))
        let record = try ChangeAnswer(await run(command, plan, attempt), of: plan, in: scope, transition: name).record()
        for command in checked.indexing(id, of: plan) { _ = try await run(command, plan) }
        return try await opened([record], of: [id], plan)[0]
    }

    /// Deletes all lines of a parent.
    ///
    /// - Throws: `method_not_allowed` for an entity without a parent.
    package func deleteChildren(_ entity: EntityReference, of parent: RecordID) async throws(Problem) {
        let plan = try plan(of: entity)
        _ = try await run(try plan.deleteChildren(of: parent, by: context(entity)), plan)
    }

    /// The next number of an entity's sequence field, such as `INV-000007`; unless the series has gaps, other
    /// takers wait until the end, so that a rollback leaves none.
    ///
    /// - Parameters:
    ///   - series: The entity, such as `invoice` or `core.invoice`.
    ///   - plugin: Whose entity, when the series doesn't say.
    package func nextNumber(_ series: String, in plugin: PluginID) async throws(Problem) -> String {
        guard !terms.isReadOnly, let series = NumberSeries(series, in: plugin, plans.manifests) else { throw .failed }
        return try await number(series)
    }

    private func number(_ series: NumberSeries) async throws(Problem) -> String {
        if series.text.hasGaps { return try await series.takeApart(lane, in: scope) }
        return try series.number(await run(series.take, nil))
    }

    /// The values of a new record, with a number from a series with gaps unless there is one.
    ///
    /// The statement could take it too, but would hold the series until the end of this transaction.
    private func numbered(_ values: [String: JSONValue], _ plan: EntityPlan) async throws(Problem) -> [String:
        JSONValue]
    {
        guard !terms.isReadOnly, let text = plan.numbersAtCreate, text.hasGaps, values[text.field] ?? .null == .null
        else { return values }
        var values = values
        values[text.field] = .string(try await NumberSeries(text).takeApart(lane, in: scope))
        return values
    }

    /// Puts an event into the outbox.
    ///
    /// - Parameters:
    ///   - event: Qualified, such as `core.invoice.issued`.
    ///   - payload: By column.
    package func publish(_ event: String, _ payload: JSONObject) async throws(Problem) {
        let row = OutboxRow(event, payload, id: ids.next(), in: plans.manifests)
        _ = try await run(row.insert, nil)
    }

    /// Holds the business's own fields to their rules, and what they name to this transaction.
    private func checked(
        _ values: [String: JSONValue], _ plan: EntityPlan, for write: CustomFields.Write
    ) async throws(Problem) -> CustomFieldStore.Checked {
        let checked = try await customFields.checked(values, of: plan, for: write, in: scope)
        for expectation in checked.expectations { _ = try await run(expectation, plan) }
        return checked
    }

    private func plan(of entity: EntityReference) throws(Problem) -> EntityPlan {
        guard let plan = plans[entity] else { throw .notFound(entity.name) }
        return plan
    }

    /// Lines are reached through their parent, so `own` never binds them.
    private func reach(_ entity: EntityReference) -> RecordScope {
        let isGoverned = terms.governs.map { $0 == entity } ?? (plans.manifests.entity(entity)?.parent == nil)
        return scope.records(isGoverned ? terms.scope : .business)
    }

    private func context(_ entity: EntityReference) -> WriteContext {
        WriteContext(
            actor: scope.actor, request: scope.request, scope: reach(entity), entryID: ids.next(), eventID: ids.next())
    }

    /// The records with their sensitive values beside them, which the plugin's code sees; as they are for an entity
    /// without any.
    ///
    /// - Parameter known: The records' ids, where the caller has them.
    private func opened(
        _ records: [StoredRecord], of known: [RecordID]? = nil, _ plan: EntityPlan
    ) async throws(Problem) -> [StoredRecord] {
        guard plan.secrets != nil, !records.isEmpty else { return records }
        let ids = known ?? records.compactMap(\.id)
        guard ids.count == records.count, let command = plan.secrets(of: ids, for: .business) else { throw .failed }
        let secrets = try await vault.opened(await run(command, plan), plan, in: scope)
        return zip(records, ids).map { $0.adding(secrets: secrets[$1] ?? [:]) }
    }

    private func run(
        _ command: SQLCommand, _ plan: EntityPlan?, _ attempt: ScheduleConflicts.Attempt? = nil
    ) async throws(Problem) -> Rows {
        do {
            return try await transaction.execute(command)
        } catch {
            let problem = lane.refusals.problem(error, request: scope.request, constraints: plan?.constraints)
            if problem.code == .scheduleConflict { conflict.withLock { $0 = attempt } }
            throw problem
        }
    }

    private func records(_ rows: Rows, _ plan: EntityPlan) throws(Problem) -> [StoredRecord] {
        var records: [StoredRecord] = []
        for row in 0..<rows.count {
            guard let record = try StoredRecord(rows, row: row, of: plan, in: scope) else { throw .failed }
            records.append(record)
        }
        return records
    }
}
