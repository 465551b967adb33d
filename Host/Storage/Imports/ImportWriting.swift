import HostManifest
package import HostModel
import HostPostgres
import HostSQL
import HostTransfer

extension ImportQueue {
    /// How rows of one job are written.
    package struct Terms: Sendable {
        let job: ClaimedImport
        let target: ImportCatalogue.Target
        /// Which records an upsert may change.
        let reach: PermissionScope
        /// The column that a fault's path comes from.
        let column: @Sendable (String) -> String?

        package init(
            _ job: ClaimedImport, _ target: ImportCatalogue.Target, reach: PermissionScope,
            column: @escaping @Sendable (String) -> String?
        ) {
            self.job = job
            self.target = target
            self.reach = reach
            self.column = column
        }
    }

    /// How a batch ended.
    package enum Outcome: Hashable, Sendable {
        case written(ImportTally)
        /// A bad row ended the job; nothing of the batch was kept.
        case stopped
    }

    /// Which of two batches that are written at the same time.
    package enum Turn: Sendable {
        /// The one that comes next in the file.
        case first
        /// The one after it: kept only when that one was.
        case second
    }

    /// Writes a batch: records, audit entries, faults and the checkpoint in one transaction, so that whatever dies and
    /// whoever goes on, no row is written twice.
    ///
    /// The commit isn't awaited on the disk: a batch that a crash of PostgreSQL takes back takes its checkpoint along,
    /// so the job goes on before it. The job's end is awaited, and with it all that came before.
    ///
    /// A dry run does the same and undoes all but the faults and the checkpoint.
    ///
    /// Two batches of one job may be written at the same time. The first one holds the job from its beginning, the
    /// second one asks for it when its records are written: so it waits in PostgreSQL, which sees a deadlock should the
    /// first one wait for a record of the second.
    ///
    /// - Throws: ``HostModel/Problem/lostImport`` when the job isn't ours any more, or when the first of two wasn't
    ///   kept; nothing is written then.
    package func write(
        _ batch: ImportBatch, _ terms: Terms, turn: Turn = .first
    ) async throws(Problem) -> Outcome {
        let job = terms.job
        var trial: ImportTransaction.Result?
        do {
            return try await lane.transaction(in: job.scope, deadline: Self.deadline) { transaction in
                _ = try await transaction.execute(ImportRunSQL.commitLater)
                var room = turn == .first ? try await hold(terms, batch, transaction) : 0
                let writing = ImportTransaction(
                    transaction: transaction, terms: terms, plans: plans, ids: ids, vault: vault,
                    refusals: lane.refusals)
                let result = try await writing.write(batch)
                trial = result
                if job.isDryRun || (job.stopsOnError && result.tally.failed > 0) { throw Problem.undone }
                if turn == .second { room = try await hold(terms, batch, transaction) }
                return try await record(result, batch, batch.checkpoint, terms, room, transaction)
            }
        } catch {
            // Undone on purpose: a problem of its own would have its own code.
            guard error == .undone, let trial else { throw error }
            return try await recordTrial(trial, batch, terms)
        }
    }

    /// Makes sure that the batch comes next; how many more faults can be kept.
    private func hold(_ terms: Terms, _ batch: ImportBatch, _ transaction: DatabaseTransaction) async throws -> Int {
        let job = terms.job
        let command = SQLCommand(ImportRunSQL.hold, [job.id.description, job.token.text])
        let rows = try await transaction.execute(command)
        guard rows.count == 1, let done = rows.integer(0, 0), Int(done) == batch.rowsBefore,
            let kept = rows.integer(0, 1)
        else { throw Problem.lostImport }
        return ImportBounds.faultsMax - Int(kept)
    }

    private func recordTrial(
        _ result: ImportTransaction.Result, _ batch: ImportBatch, _ terms: Terms
    ) async throws(Problem) -> Outcome {
        let isStopped = terms.job.stopsOnError && result.tally.failed > 0
        return try await lane.transaction(in: terms.job.scope, deadline: Self.deadline) { transaction in
            let room = try await hold(terms, batch, transaction)
            let outcome = try await record(
                isStopped ? result.failuresOnly : result, batch, isStopped ? nil : batch.checkpoint, terms, room,
                transaction)
            return isStopped ? .stopped : outcome
        }
    }

    /// Faults and checkpoint; one of nil stays where it was.
    private func record(
        _ result: ImportTransaction.Result, _ batch: ImportBatch, _ place: ReaderCheckpoint?, _ terms: Terms,
        _ room: Int, _ transaction: DatabaseTransaction
    ) async throws -> Outcome {
        let job = terms.job
        let documents = ImportFaultDocument.list(result.faults, room: room)
        var commands: [SQLCommand] = []
        if !documents.isEmpty {
            let list = JSONValue.array(documents).text
            commands.append(SQLCommand(ImportRunSQL.addFaults, [job.id.description, list]))
        }
        let tally = result.tally
        let counts = [
            tally.created, tally.updated, tally.unchanged, tally.failed, documents.count, batch.rowsBefore,
        ].map { String($0) }
        let parameters: [SQLParameter] =
            [
                job.id.description, job.token.text, place?.json.text, place.map { String($0.offset) },
                place.map { String($0.rowCount) },
            ] + counts
        commands.append(SQLCommand(ImportRunSQL.progress, parameters))
        let updated = try await transaction.execute(commands)
        guard updated.last?.count == 1 else { throw Problem.lostImport }
        return .written(tally)
    }
}

extension Problem {
    static let undone = Problem(Problem.Code("import_undone"), "undone")
    /// The job was cancelled, or another runner has it.
    package static let lostImport = Problem(Problem.Code("import_lost"), "The import is somebody else's by now.")
}

/// Faults in the form in which they are kept.
enum ImportFaultDocument {
    private static let detailLengthMax = 500

    /// As many as there is room for.
    static func list(_ faults: [ImportFault], room: Int) -> [JSONValue] {
        var documents: [JSONValue] = []
        for fault in faults {
            for (place, one) in fault.faults.prefix(ImportBounds.rowFaultsMax).enumerated() {
                guard documents.count < room else { return documents }
                documents.append(document(one, place, fault.row))
            }
        }
        return documents
    }

    private static func document(_ fault: RowPlan.Fault, _ place: Int, _ row: ImportBatch.Row) -> JSONValue {
        [
            "row_no": .int(Int64(row.number)), "place": .int(Int64(place)), "line": .int(Int64(row.line)),
            "starts_at": .int(Int64(row.range.lowerBound)), "ends_at": .int(Int64(row.range.upperBound)),
            "source_column": fault.column.map { .string($0) } ?? .null, "path": .string(fault.path),
            "code": .string(fault.code), "detail": .string(String(fault.detail.prefix(detailLengthMax))),
        ]
    }
}
