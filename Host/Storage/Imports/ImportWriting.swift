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
    package enum Outcome: Sendable {
        case written(ImportTally, faultsKept: Int)
        /// A bad row ended the job; nothing of the batch was kept.
        case stopped
    }

    /// Writes a batch: records, audit entries, faults and the checkpoint in one transaction, so that whatever dies and
    /// whoever goes on, no row is written twice.
    ///
    /// A dry run does the same and undoes all but the faults and the checkpoint.
    ///
    /// - Parameter faultsKept: How many faults of the job are kept before it.
    /// - Throws: ``HostModel/Problem/lostImport`` when the job isn't ours any more; nothing is written then.
    package func write(
        _ batch: ImportBatch, _ terms: Terms, faultsKept: Int
    ) async throws(Problem) -> Outcome {
        let job = terms.job
        var trial: ImportTransaction.Result?
        do {
            return try await lane.transaction(in: job.scope, deadline: Self.deadline) { transaction in
                let writing = ImportTransaction(
                    transaction: transaction, terms: terms, plans: plans, ids: ids, refusals: lane.refusals)
                let result = try await writing.write(batch)
                trial = result
                if job.isDryRun || (job.stopsOnError && result.tally.failed > 0) { throw Problem.undone }
                return try await record(result, batch, batch.checkpoint, terms, faultsKept, transaction)
            }
        } catch {
            // Undone on purpose: a problem of its own would have its own code.
            guard error == .undone, let trial else { throw error }
            return try await recordTrial(trial, batch, terms, faultsKept)
        }
    }

    private func recordTrial(
        _ result: ImportTransaction.Result, _ batch: ImportBatch, _ terms: Terms, _ faultsKept: Int
    ) async throws(Problem) -> Outcome {
        let isStopped = terms.job.stopsOnError && result.tally.failed > 0
        return try await lane.transaction(in: terms.job.scope, deadline: Self.deadline) { transaction in
            let outcome = try await record(
                isStopped ? result.failuresOnly : result, batch, isStopped ? nil : batch.checkpoint, terms, faultsKept,
                transaction)
            if case .written = outcome, isStopped { return .stopped }
            return outcome
        }
    }

    /// Faults and checkpoint; one of nil stays where it was.
    private func record(
        _ result: ImportTransaction.Result, _ batch: ImportBatch, _ place: ReaderCheckpoint?, _ terms: Terms,
        _ faultsKept: Int, _ transaction: DatabaseTransaction
    ) async throws -> Outcome {
        let job = terms.job
        let documents = ImportFaultDocument.list(result.faults, room: ImportBounds.faultsMax - faultsKept)
        if !documents.isEmpty {
            let list = JSONValue.array(documents).text
            _ = try await transaction.execute(SQLCommand(ImportRunSQL.addFaults, [job.id.description, list]))
        }
        let tally = result.tally
        let counts = [
            tally.created, tally.updated, tally.unchanged, tally.failed, documents.count,
            (batch.rows.first?.number ?? 1) - 1,
        ].map { String($0) }
        let parameters: [SQLParameter] =
            [
                job.id.description, job.token.text, place?.json.text, place.map { String($0.offset) },
                place.map { String($0.rowCount) },
            ] + counts
        let updated = try await transaction.execute(SQLCommand(ImportRunSQL.progress, parameters))
        guard updated.count == 1 else { throw Problem.lostImport }
        return .written(tally, faultsKept: faultsKept + documents.count)
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
