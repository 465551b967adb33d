import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostTransfer

/// The part of a batch's transaction that writes records: finds what rows refer to, writes them as sets, and finds the
/// rows that PostgreSQL refuses, so that the others are kept.
struct ImportTransaction {
    let transaction: DatabaseTransaction
    let terms: ImportQueue.Terms
    let plans: EntityPlans
    let ids: UUIDv7Source
    let vault: RecordVault
    let refusals: Refusals

    struct Result: Sendable {
        var tally = ImportTally()
        var faults: [ImportFault] = []

        /// What is told of a batch that was undone for its bad rows.
        var failuresOnly: Result {
            var result = self
            result.tally = ImportTally()
            result.tally.failed = tally.failed
            return result
        }

        mutating func fail(_ row: ImportBatch.Row, _ faults: [RowPlan.Fault]) {
            tally.failed += 1
            self.faults.append(ImportFault(row: row, faults: faults))
        }
    }

    /// A row with the record that it becomes.
    private struct Planned {
        let row: ImportBatch.Row
        let record: ImportRecord

        var hasCustom: Bool { (row.changed ?? row.created)?["custom"]?.object?.names.isEmpty == false }
    }

    private var plan: EntityPlan { terms.target.plan }

    private var context: WriteContext {
        let scope = terms.job.scope
        return WriteContext(
            actor: scope.actor, request: nil, scope: scope.records(terms.reach), entryID: ids.next(),
            eventID: ids.next())
    }

    func write(_ batch: ImportBatch) async throws -> Result {
        var result = Result()
        let known = try await existing(batch.rows)
        let references = try await ImportReferences(batch.rows, plan.entity, terms.job, transaction, plans)
        var new: [Planned] = []
        var changes: [Planned] = []
        for row in batch.rows {
            let record = known[row.number]
            var faults = record == nil ? row.faults : row.changeFaults
            guard faults.isEmpty, var values = record == nil ? row.created : row.changed else {
                result.fail(row, faults)
                continue
            }
            references.resolve(row, &values, &faults, column: terms.column)
            guard faults.isEmpty else {
                result.fail(row, faults)
                continue
            }
            do throws(Problem) {
                if let record {
                    changes.append(Planned(row: row, record: try await change(record, values, row)))
                } else {
                    new.append(Planned(row: row, record: try await creation(values, row)))
                }
            } catch {
                result.fail(row, self.faults(error))
            }
        }
        try await insert(new, &result)
        try await update(changes, &result)
        result.faults.sort { $0.row.number < $1.row.number }
        return result
    }

    private func creation(
        _ values: [String: JSONValue], _ row: ImportBatch.Row
    ) async throws(Problem) -> ImportRecord {
        let record = try await vault.sealed(try NewRecord(values, orID: ids.next()), plan, in: terms.job.scope)
        return try plan.importRecord(record, entryID: ids.next(), number: row.number)
    }

    private func change(
        _ record: RecordID, _ values: [String: JSONValue], _ row: ImportBatch.Row
    ) async throws(Problem) -> ImportRecord {
        // Sealed anew each time, so a sensitive value always counts as changed: whether a row was left as it was must
        // not tell what the value is.
        var values = try await vault.sealed(values, of: record, plan, in: terms.job.scope)
        values["id"] = nil
        return try plan.importRecord(record, changing: values, entryID: ids.next(), number: row.number)
    }

    /// The records that rows of an upsert mean, by the row's number.
    private func existing(_ rows: [ImportBatch.Row]) async throws -> [Int: RecordID] {
        guard terms.job.mode == .upsert, let column = terms.job.key else { return [:] }
        let name = plan.entity.fields.first { $0.column == column }?.name ?? column
        var numbers: [String: Int] = [:]
        for row in rows {
            guard let key = (row.changed ?? row.created)?[name]?.string else { continue }
            numbers[plan.importKey(column, key)] = row.number
        }
        guard !numbers.isEmpty else { return [:] }
        let found = try await transaction.execute(plan.importLookup(column, numbers.keys.sorted()))
        var records: [Int: RecordID] = [:]
        for index in 0..<found.count {
            guard let key = found.text(index, 0).map({ plan.importKey(column, $0) }),
                let id = found.text(index, 1).flatMap({ RecordID($0) }),
                let number = numbers[key]
            else { continue }
            records[number] = id
        }
        return records
    }

    // MARK: Writing

    /// Writes new records. When a value is taken, those that can be stored are stored in a second step; what PostgreSQL
    /// refuses for another reason is halved until the bad row is alone.
    private func insert(_ planned: [Planned], isSkipping: Bool = false, _ result: inout Result) async throws {
        guard !planned.isEmpty else { return }
        let command = plan.importNew(
            planned.map(\.record), isSkipping: isSkipping, origin: terms.job.origin, by: context)
        switch try await transaction.attempt(command, then: indexing(planned)) {
        case .success(let rows):
            let stored = Set((0..<rows.count).compactMap { rows.text($0, 0) })
            result.tally.created += stored.count
            guard stored.count < planned.count else { return }
            // Skipped, because a value is taken: tried alone, each says which.
            for row in planned where !stored.contains(row.record.id.description) {
                try await insert([row], &result)
            }
        case .failure(let error):
            try rethrowGivenUp(error)
            guard planned.count > 1 else { return try refuse(planned[0].row, error, &result) }
            if !isSkipping, !plan.importMustNotSkip, PostgresState.taken.contains(error.sqlState ?? "") {
                return try await insert(planned, isSkipping: true, &result)
            }
            let middle = planned.count / 2
            try await insert(Array(planned[..<middle]), isSkipping: isSkipping, &result)
            try await insert(Array(planned[middle...]), isSkipping: isSkipping, &result)
        }
    }

    /// A deadlock is no row's fault: the whole batch is written again.
    private func rethrowGivenUp(_ error: DatabaseError) throws {
        guard PostgresState.givenUp.contains(error.sqlState ?? "") else { return }
        throw refusals.problem(error, request: nil)
    }

    private func update(_ planned: [Planned], _ result: inout Result) async throws {
        guard !planned.isEmpty else { return }
        let command = plan.importChanges(planned.map(\.record), origin: terms.job.origin, by: context)
        switch try await transaction.attempt(command, then: indexing(planned)) {
        case .success(let rows):
            var outcomes: [String: ImportChange] = [:]
            for row in 0..<rows.count {
                guard let id = rows.text(row, 0) else { continue }
                outcomes[id] = rows.text(row, 1).flatMap(ImportChange.init(rawValue:))
            }
            for row in planned { count(row.row, outcomes[row.record.id.description], &result) }
        case .failure(let error):
            try rethrowGivenUp(error)
            guard planned.count > 1 else { return try refuse(planned[0].row, error, &result) }
            let middle = planned.count / 2
            try await update(Array(planned[..<middle]), &result)
            try await update(Array(planned[middle...]), &result)
        }
    }

    /// What indexes the records behind their write; nil when none has values of the business's own fields.
    private func indexing(_ planned: [Planned]) -> SQLCommand? {
        let ids = planned.filter(\.hasCustom).map(\.record.id)
        return ids.isEmpty || plan.entity.parent != nil ? nil : CustomFieldStore.indexing(ids, of: plan)
    }

    private func count(_ row: ImportBatch.Row, _ outcome: ImportChange?, _ result: inout Result) {
        switch outcome {
        case .done: result.tally.updated += 1
        case .same: result.tally.unchanged += 1
        case .archived:
            let detail = "The \(plan.entity.name) is archived and takes no changes."
            result.fail(row, [RowPlan.Fault(path: "", code: "archived", detail: detail, column: nil)])
        case nil:
            let detail = "The \(plan.entity.name) that this row means can't be changed by you."
            result.fail(row, [RowPlan.Fault(path: "", code: "not_found", detail: detail, column: nil)])
        }
    }

    /// A row that PostgreSQL refuses: told, when it is the row's fault, else thrown.
    private func refuse(_ row: ImportBatch.Row, _ error: DatabaseError, _ result: inout Result) throws {
        let problem = refusals.problem(error, request: nil, constraints: plan.constraints)
        let isTheRows = problem.code != .unavailable && problem.code != .deadlineExceeded && problem != .givenUp
        guard isTheRows, error.sqlState?.hasPrefix("2") == true || problem.code != .internalError else {
            throw problem
        }
        result.fail(row, faults(problem))
    }

    private func faults(_ problem: Problem) -> [RowPlan.Fault] {
        guard !problem.faults.isEmpty else {
            return [RowPlan.Fault(path: "", code: problem.code.description, detail: problem.detail, column: nil)]
        }
        return problem.faults.map {
            RowPlan.Fault(path: $0.path, code: $0.code, detail: $0.detail, column: terms.column($0.path))
        }
    }
}
