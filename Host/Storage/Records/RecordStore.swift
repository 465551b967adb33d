import Foundation
import HostManifest
package import HostModel
import HostPostgres
package import HostSQL

/// Records of every entity: one round trip each, on a lane, under the business's row-level security.
///
/// Every function throws `unavailable`, `deadline_exceeded` and `internal_error` beside what it says itself.
package struct RecordStore: Sendable {
    let lane: TenantLane
    let seal: CursorSeal
    let ids: UUIDv7Source
    let vault: RecordVault
    let customFields: CustomFieldStore

    /// - Throws: `not_found`, also for a record of another business.
    package func read(
        _ plan: EntityPlan, _ id: RecordID, _ selection: RecordSelection = .all, in scope: TenantScope,
        reach: PermissionScope
    ) async throws(Problem) -> StoredRecord {
        let rows = try await lane.read(plan.read(id, selection, for: scope.records(reach)), in: scope)
        guard rows.count == 1, let record = try StoredRecord(rows, row: 0, of: plan, in: scope) else {
            throw .notFound(plan.entity.name)
        }
        return record
    }

    /// Stores a new record.
    ///
    /// - Parameters:
    ///   - plan: The entity.
    ///   - values: By field name, checked by `InputValidator`; `id`, `external_id` and `custom` among them.
    ///   - scope: The business.
    ///   - reach: Which records a `schedule_conflict` may name.
    ///   - lines: What the caller may do to lines, for values that have some.
    /// - Throws: `validation_failed`, `already_exists`, `schedule_conflict`, `status_not_writable`; `forbidden` for
    ///   lines.
    package func create(
        _ plan: EntityPlan, _ values: [String: JSONValue], in scope: TenantScope, reach: PermissionScope = .own,
        lines rights: LineRights = .none
    ) async throws(Problem) -> StoredRecord {
        let (values, sent) = Self.parted(values, plan)
        if !sent.isEmpty {
            return try await create(plan, values, with: sent, in: scope, reach: reach, rights: rights)
        }
        let checked = try await customFields.checked(values, of: plan, for: .creation, in: scope)
        let new = try await vault.sealed(try NewRecord(checked.values, orID: ids.next()), plan, in: scope)
        let command = try plan.create(new, by: context(scope, .business))
        let rows: Rows
        do {
            rows = try await lane.write(
                command, in: scope, constraints: plan.constraints, after: checked.expectations,
                then: checked.indexing(new.id, of: plan))
        } catch {
            let attempt = ScheduleConflicts.Attempt(
                plan: plan, id: new.id, document: try plan.document(of: new), scope: scope.records(reach))
            throw await ScheduleConflicts(lane: lane).completed(error, attempt, in: scope)
        }
        guard rows.count == 1, let record = try StoredRecord(rows, row: 0, of: plan, in: scope) else { throw .failed }
        return record
    }

    /// Changes fields of a record whose version is still `version`, or whichever it has when that is nil.
    ///
    /// - Throws: `not_found`, `version_conflict` with `current_version`, `conflict` for an archived one,
    ///   `validation_failed`, `already_exists`, `schedule_conflict` with the records that have the time; for lines also
    ///   `forbidden`, and `conflict` in a status in which they are fixed.
    package func update(
        _ plan: EntityPlan, _ id: RecordID, version: Int64?, _ values: [String: JSONValue], in scope: TenantScope,
        reach: PermissionScope, lines rights: LineRights = .none
    ) async throws(Problem) -> StoredRecord {
        let (values, sent) = Self.parted(values, plan)
        if !sent.isEmpty {
            return try await update(
                plan, id, version: version, values, with: sent, in: scope, reach: reach, rights: rights)
        }
        let checked = try await customFields.checked(values, of: plan, for: .change, in: scope)
        let sealed = try await vault.sealed(checked.values, of: id, plan, in: scope)
        let command = try plan.update(id, version: version, values: sealed, by: context(scope, reach))
        return try await change(
            plan, id, command, sealed, in: scope, reach: reach, after: checked.expectations,
            then: checked.indexing(id, of: plan))
    }

    /// Takes a record of master data out of use.
    ///
    /// - Throws: As ``update(_:_:version:_:in:reach:)``, and `method_not_allowed` for a document.
    package func archive(
        _ plan: EntityPlan, _ id: RecordID, version: Int64, in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> StoredRecord {
        let command = try plan.archive(id, version: version, by: context(scope, reach))
        return try await change(plan, id, command, in: scope, reach: reach)
    }

    /// Moves a record through a declared transition.
    ///
    /// - Throws: As ``update(_:_:version:_:in:reach:)``, and `invalid_transition` with `from` and `allowed`.
    package func transition(
        _ plan: EntityPlan, _ id: RecordID, _ name: String, version: Int64?, reason: String?, in scope: TenantScope,
        reach: PermissionScope
    ) async throws(Problem) -> StoredRecord {
        let command = try plan.transition(id, name, version: version, reason: reason, by: context(scope, reach))
        return try await change(plan, id, command, in: scope, reach: reach, transition: name)
    }

    /// Adds steps to the counters of a record.
    ///
    /// - Throws: As ``update(_:_:version:_:in:reach:)``, and `counter_out_of_range` with `field`, `bound` and
    ///   `available`.
    package func adjust(
        _ plan: EntityPlan, _ id: RecordID, version: Int64?, adding steps: [String: Int64], reason: String?,
        in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> StoredRecord {
        let command = try plan.adjust(id, version: version, adding: steps, reason: reason, by: context(scope, reach))
        do {
            return try await change(plan, id, command, in: scope, reach: reach)
        } catch  where error.code == .validationFailed {
            // The database says that a rule is broken; which one, and how far the counter can go, the record shows.
            let record = try await read(plan, id, in: scope.alone, reach: reach)
            throw plan.entity.counterRefusal(adding: steps, toRecord: record.json.bytes) ?? .givenUp
        }
    }

    /// Gives a record a label of its status; nil takes it away.
    ///
    /// - Throws: As ``update(_:_:version:_:in:reach:)``, and `validation_failed` for a label of another status, entity
    ///   or business, and for an archived one.
    package func setLabel(
        _ plan: EntityPlan, _ id: RecordID, version: Int64?, to label: RecordID?, reason: String?,
        in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> StoredRecord {
        let command = try plan.setLabel(id, version: version, to: label, reason: reason, by: context(scope, reach))
        return try await change(plan, id, command, in: scope, reach: reach)
    }

    private func change(
        _ plan: EntityPlan, _ id: RecordID, _ command: SQLCommand, _ values: [String: JSONValue] = [:],
        in scope: TenantScope, reach: PermissionScope, transition: String? = nil,
        after expectations: [SQLCommand] = [], then followers: [SQLCommand] = []
    ) async throws(Problem) -> StoredRecord {
        let rows: Rows
        do {
            rows = try await lane.write(
                command, in: scope, constraints: plan.constraints, after: expectations, then: followers)
        } catch {
            let attempt = ScheduleConflicts.Attempt(
                plan: plan, id: id, document: try plan.document(changing: values), scope: scope.records(reach))
            throw await ScheduleConflicts(lane: lane).completed(error, attempt, in: scope)
        }
        return try ChangeAnswer(rows, of: plan, in: scope, transition: transition).record()
    }

    func context(_ scope: TenantScope, _ reach: PermissionScope) -> WriteContext {
        WriteContext(
            actor: scope.actor, request: scope.request, scope: scope.records(reach), entryID: ids.next(),
            eventID: ids.next())
    }
}
