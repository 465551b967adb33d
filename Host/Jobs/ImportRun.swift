import HostManifest
import HostModel
import HostSQL
import HostStorage
import HostTransfer

/// One job's way from its claim to its end: read through once, then written batch by batch.
///
/// The next batch is read and checked while PostgreSQL writes the one before.
struct ImportRun: Sendable {
    let queue: ImportQueue
    let job: ClaimedImport
    let target: ImportCatalogue.Target
    /// Which records an upsert may change.
    let reach: PermissionScope
    let manifests: ManifestSet
    /// The fields that the business added, as they were when the job was taken up.
    let custom: CustomFields

    /// How often PostgreSQL is asked again about one batch.
    private static let triesMax = 5
    /// Between two of them.
    private static let pause: Duration = .seconds(1)
    /// How often the lease is renewed while the file is read through, in bytes.
    private static let renewalBytes = 8 << 20

    /// Rows that are ready, with the source that goes on after them.
    private struct Prepared: Sendable {
        let batch: ImportBatch
        let source: RowSource
        /// A row that was read already, and opens the next batch.
        let held: ImportBatch.Row?
    }

    /// - Throws: `Problem` or ``FileFault`` for what ends the job, `Problem.lostImport` when it isn't ours any more,
    ///   `CancellationError` between two batches.
    func run() async throws {
        let start = try await start()
        let checking = try RowChecking(job, importTarget, custom, header: start.header)
        let terms = ImportQueue.Terms(job, target, reach: reach, column: checking.column)
        var faultsKept = job.faultsKept
        var next = try await Self.prepare(RowSource(queue.file(of: job), start), nil, checking)
        while let prepared = next {
            try Task.checkCancellation()
            async let following = Self.prepare(prepared.source, prepared.held, checking)
            switch try await write(prepared.batch, terms, faultsKept) {
            case .written(_, let kept): faultsKept = kept
            case .stopped: throw Self.stopped
            }
            next = try await following
        }
    }

    private var importTarget: ImportTarget {
        let plan = target.plan
        return ImportTarget(
            plan.entity, of: plan.reference.plugin, in: manifests, currency: job.currency, timeZone: job.timeZone,
            custom: custom.fields.map(\.field))
    }

    private static let stopped = Problem(
        Problem.Code("import_stopped"),
        "A row was bad, and the import was to stop at the first one; batches of rows before it stay.")

    // MARK: Reading through

    /// Where to begin writing: where somebody stopped, or at the first row of a file that can be read to its end.
    private func start() async throws -> ReaderCheckpoint {
        if let checkpoint = job.checkpoint { return checkpoint }
        var source = RowSource(queue.file(of: job), job.format, delimiter: job.delimiter)
        var start: ReaderCheckpoint?
        var rows = 0
        var renewed = 0
        guard try await queue.validating(job, bytes: 0) else { throw Problem.lostImport }
        while let row = try await source.next() {
            if start == nil { start = source.checkpoint.before(row) }
            rows = row.number
            guard source.bytesRead - renewed >= Self.renewalBytes else { continue }
            renewed = source.bytesRead
            try Task.checkCancellation()
            guard try await queue.validating(job, bytes: renewed) else { throw Problem.lostImport }
        }
        let checkpoint = start ?? source.checkpoint
        guard job.format == .ndjson || !checkpoint.header.isEmpty else {
            throw FileFault(FileFault.header, "The file is empty: its first line must name the columns.", line: 1)
        }
        // A mapping that doesn't fit is told before a row is written.
        _ = try RowChecking(job, importTarget, custom, header: checkpoint.header)
        guard try await queue.running(job, rows: rows, from: checkpoint) else { throw Problem.lostImport }
        return checkpoint
    }

    // MARK: Batches

    /// Reads and checks the rows of the next batch; nil at the end.
    private static func prepare(
        _ source: RowSource, _ held: ImportBatch.Row?, _ checking: RowChecking
    ) async throws -> Prepared? {
        var source = source
        var rows: [ImportBatch.Row] = held.map { [$0] } ?? []
        var keys = Set(rows.compactMap { checking.key($0) })
        var bytes = 0
        // Behind the row that was given last; a row that is held back for the next batch is after it.
        var checkpoint = source.checkpoint
        while rows.count < ImportBounds.batchRowsMax, bytes < ImportBounds.batchBytesMax {
            guard let read = try await source.next() else { break }
            let row = checking.row(read)
            // Two rows for one record are written one after the other.
            if let key = checking.key(row), !keys.insert(key).inserted {
                return Prepared(
                    batch: ImportBatch(rows: rows, checkpoint: checkpoint), source: source, held: row)
            }
            rows.append(row)
            bytes += read.range.count
            checkpoint = source.checkpoint
        }
        guard !rows.isEmpty else { return nil }
        return Prepared(batch: ImportBatch(rows: rows, checkpoint: checkpoint), source: source, held: nil)
    }

    /// Writes a batch, again and again while the database is away or another transaction is in the way.
    private func write(
        _ batch: ImportBatch, _ terms: ImportQueue.Terms, _ faultsKept: Int
    ) async throws -> ImportQueue.Outcome {
        var tries = 1
        while true {
            do throws(Problem) {
                return try await queue.write(batch, terms, faultsKept: faultsKept)
            } catch {
                let mayPass = error.code == .unavailable || error.members["retryable"] == true
                guard mayPass, tries < Self.triesMax else { throw error }
                tries += 1
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
