import HostManifest
import HostModel
import HostSQL
import HostStorage
import HostTenancy
import HostTransfer

/// One job's way from its claim to its end: read through once, then written batch by batch.
///
/// Batches are written two at a time where that can't change what becomes of a row, while the next two are read and
/// checked.
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

    /// How many rounds are written one batch after the other when two at once got into each other's way.
    private static let patience = 20

    /// Rows that are ready, with the source that goes on after them.
    private struct Prepared: Sendable {
        let batch: ImportBatch
        let source: RowSource
        /// A row that was read already, and opens the next batch.
        let held: ImportBatch.Row?
    }

    /// One or two batches in the file's order.
    private struct Round: Sendable {
        let first: ImportBatch
        let second: ImportBatch?
        let source: RowSource
        let held: ImportBatch.Row?

        /// Whether no record is in both.
        var isDisjoint: Bool { second.map { first.keys.isDisjoint(with: $0.keys) } ?? false }
    }

    /// - Throws: `Problem` or ``FileFault`` for what ends the job, `Problem.lostImport` when it isn't ours any more,
    ///   `CancellationError` between two batches.
    func run() async throws {
        let start = try await start()
        let checking = try RowChecking(job, importTarget, custom, header: start.header)
        let terms = ImportQueue.Terms(job, target, reach: reach, column: checking.column)
        // A dry run undoes each batch, and a job that stops at its first bad row must know of one before it goes on.
        let maySpread = target.plan.importsSideBySide && !job.isDryRun && !job.stopsOnError
        var patience = 0
        var next = try await Self.prepareRound(RowSource(queue.file(of: job), start), nil, checking)
        while let round = next {
            try Task.checkCancellation()
            async let following = Self.prepareRound(round.source, round.held, checking)
            var written = 0
            if maySpread, patience == 0, let second = round.second, round.isDisjoint {
                written = await writeAtOnce(round.first, second, terms)
                patience = written == 2 ? 0 : Self.patience
            } else {
                patience = max(0, patience - 1)
            }
            for batch in [round.first, round.second].compactMap({ $0 }).dropFirst(written) {
                if try await write(batch, terms) == .stopped { throw Self.stopped }
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

    /// Told before a row is written.
    private static func tooManyRows(_ max: Int, in tier: Tier) -> Problem {
        let next = Tier.allCases.first { $0 > tier && TierLimits(of: $0).importRowsMax == nil }
        let wayOut = next.map { " The tier \($0.rawValue) has no such limit." } ?? ""
        return Problem(
            Problem.Code("import_too_many_rows"),
            "The file has more than \(max) rows, and the tier \(tier.rawValue) imports no more from one file: "
                + "send it in parts of at most \(max) rows.\(wayOut)",
            members: ["limit": .int(Int64(max)), "required_tier": next.map { .string($0.rawValue) } ?? .null])
    }

    // MARK: Reading through

    /// Where to begin writing: where somebody stopped, or at the first row of a file that can be read to its end.
    private func start() async throws -> ReaderCheckpoint {
        if let checkpoint = job.checkpoint { return checkpoint }
        var source = RowSource(queue.file(of: job), job.format, delimiter: job.delimiter)
        var start: ReaderCheckpoint?
        var rows = 0
        var renewed = 0
        let rowsMax = TierLimits(of: job.tier).importRowsMax
        guard try await queue.validating(job, bytes: 0) else { throw Problem.lostImport }
        while let row = try await source.next() {
            if start == nil { start = source.checkpoint.before(row) }
            rows = row.number
            if let rowsMax, rows > rowsMax { throw Self.tooManyRows(rowsMax, in: job.tier) }
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

    /// Reads and checks the rows of the next two batches; nil at the end.
    private static func prepareRound(
        _ source: RowSource, _ held: ImportBatch.Row?, _ checking: RowChecking
    ) async throws -> Round? {
        guard let first = try await prepare(source, held, checking) else { return nil }
        let second = try await prepare(first.source, first.held, checking)
        let last = second ?? first
        return Round(first: first.batch, second: second?.batch, source: last.source, held: last.held)
    }

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
                    batch: ImportBatch(rows: rows, keys: keys, checkpoint: checkpoint), source: source, held: row)
            }
            rows.append(row)
            bytes += read.range.count
            checkpoint = source.checkpoint
        }
        guard !rows.isEmpty else { return nil }
        return Prepared(
            batch: ImportBatch(rows: rows, keys: keys, checkpoint: checkpoint), source: source, held: nil)
    }

    /// Writes two batches on two connections; how many of them are kept, in the file's order.
    ///
    /// What goes wrong isn't told: the batches are then written one after the other, and tell it themselves.
    private func writeAtOnce(_ first: ImportBatch, _ second: ImportBatch, _ terms: ImportQueue.Terms) async -> Int {
        async let one = try? queue.write(first, terms, turn: .first)
        async let two = try? queue.write(second, terms, turn: .second)
        let outcomes = await (one, two)
        guard outcomes.0 != nil else { return 0 }
        return outcomes.1 != nil ? 2 : 1
    }

    /// Writes a batch, again and again while the database is away or another transaction is in the way.
    private func write(_ batch: ImportBatch, _ terms: ImportQueue.Terms) async throws -> ImportQueue.Outcome {
        var tries = 1
        while true {
            do throws(Problem) {
                return try await queue.write(batch, terms)
            } catch {
                let mayPass = error.code == .unavailable || error.members["retryable"] == true
                guard mayPass, tries < Self.triesMax else { throw error }
                tries += 1
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
