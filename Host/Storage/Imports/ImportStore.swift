package import HostModel
import HostPostgres
import HostSQL
import HostTransfer

/// Import jobs as their users see them: made, filled, started, watched, cancelled.
///
/// Every function throws `unavailable`, `deadline_exceeded` and `internal_error` beside what it says itself, and
/// `not_found` for a job of another business.
package struct ImportStore: Sendable {
    let lane: TenantLane
    let seal: CursorSeal
    let ids: UUIDv7Source
    let pieces: ImportPieces
    let catalogue: ImportCatalogue

    /// A job as JSON.
    package struct Job: Sendable {
        package let json: JSONText
        /// Whose permissions it needs.
        package let entity: String
    }

    private static let label = "platform.import"

    /// Makes a job that waits for its file.
    package func create(_ order: ImportOrder, in scope: TenantScope) async throws(Problem) -> RecordID {
        let id = RecordID(ids.next())
        let parameters: [SQLParameter] = [
            id.description, order.entity, order.format.rawValue,
            order.delimiter.map { String(decoding: [$0], as: UTF8.self) }, order.mode.rawValue, order.key,
            order.isDryRun ? "true" : "false", order.stopsOnError ? "stop" : "continue", order.fileName,
            order.mapping.text, order.bytes.map { String($0) }, scope.actor.id.text,
        ]
        let changes = JSONObject(["entity": .string(order.entity), "mode": .string(order.mode.rawValue)])
        try await lane.transaction(in: scope) { transaction in
            _ = try await transaction.execute([
                SQLCommand(ImportSQL.insert, parameters), audit("create", id, changes, scope),
            ])
        }
        return id
    }

    package func read(_ id: RecordID, in scope: TenantScope) async throws(Problem) -> Job {
        let rows = try await lane.read(SQLCommand(ImportSQL.read, [id.description]), in: scope)
        guard rows.count == 1 else { throw .notFound("import") }
        return Job(json: JSONText(rows, row: 0, column: 0), entity: rows.text(0, 1) ?? "")
    }

    /// Newest first.
    ///
    /// - Parameter entities: Those that the caller may import into.
    /// - Throws: `invalid_cursor`.
    package func list(
        _ entities: [String], limit: Int, cursor: String?, in scope: TenantScope
    ) async throws(Problem) -> RecordPage {
        let list = CursorSeal.List(business: scope.business, label: Self.label, fingerprint: "")
        let before = try cursor.map { (cursor) throws(Problem) in try seal.open(cursor, of: list).id.description }
        let names = "{" + entities.joined(separator: ",") + "}"
        let rows = try await lane.read(SQLCommand(ImportSQL.list, [names, before, String(limit + 1)]), in: scope)
        let count = min(rows.count, limit)
        let records = (0..<count).map { JSONText(rows, row: $0, column: 0) }
        guard rows.count > count, let last = rows.text(count - 1, 1).flatMap({ RecordID($0) }) else {
            return RecordPage(records: records, nextCursor: nil)
        }
        return RecordPage(
            records: records, nextCursor: seal.seal(ListQuery.Position(key: nil, id: last), of: list))
    }

    /// Takes a part of the file. The same part may come again; it is compared, and nothing changes.
    ///
    /// - Throws: `upload_offset` with `expected_offset` for a part that doesn't come next, or that differs from what is
    ///   there; `conflict` when the import was started; `body_too_large` beyond ``ImportBounds/fileBytesMax`` or the
    ///   declared size.
    package func append(
        _ bytes: [UInt8], at offset: Int64, to id: RecordID, in scope: TenantScope
    ) async throws(Problem) {
        let entity = try await read(id, in: scope).entity
        let isSealed = try catalogue.target(entity).plan.secrets != nil
        let parameters = try await pieces.parameters(of: bytes, at: offset, of: id, isSealed: isSealed, in: scope)
        let end = offset + Int64(bytes.count)
        let before = try await take(parameters, at: offset, end: end, to: id, scope)
        if before.bytesReceived != offset { try await compare(bytes, at: offset, with: id, scope) }
    }

    /// Keeps the pieces of a part that comes next, none of one that is there already, and gives the job as it was
    /// before.
    private func take(
        _ pieces: [[SQLParameter]], at offset: Int64, end: Int64, to id: RecordID, _ scope: TenantScope
    ) async throws(Problem) -> LockedImport {
        try await lane.transaction(in: scope, deadline: .seconds(20)) { transaction in
            try await Self.take(pieces, at: offset, end: end, to: id, transaction)
        }
    }

    /// Inside the transaction. Never inlined: Swift 6.3.1 crashes over it then, in a release build.
    @inline(never) private static func take(
        _ pieces: [[SQLParameter]], at offset: Int64, end: Int64, to id: RecordID, _ transaction: DatabaseTransaction
    ) async throws -> LockedImport {
        let job = try await LockedImport(id, transaction)
        guard offset == job.bytesReceived else {
            guard end <= job.bytesReceived else { throw Problem.uploadOffset(expected: job.bytesReceived) }
            return job
        }
        guard job.status == "uploading" else {
            throw Problem(.conflict, "The import was started: no more bytes can be added to its file.")
        }
        guard end <= job.bytesTotal ?? ImportBounds.fileBytesMax else {
            throw Problem(
                .bodyTooLarge, "The file has more bytes than were declared, or than an import takes.",
                members: ["max_bytes": .int(job.bytesTotal ?? ImportBounds.fileBytesMax)])
        }
        for piece in pieces { _ = try await transaction.execute(SQLCommand(ImportSQL.addPiece, piece)) }
        _ = try await transaction.execute(SQLCommand(ImportSQL.received, [id.description, String(end)]))
        return job
    }

    /// Refuses a repeated part that differs from what is there.
    private func compare(
        _ bytes: [UInt8], at offset: Int64, with id: RecordID, _ scope: TenantScope
    ) async throws(Problem) {
        let place = Int(offset)
        let known = try await file(id, scope).bytes(place..<place + bytes.count)
        if known == bytes { return }
        let expected = try await received(id, in: scope)
        throw .uploadOffset(expected: expected)
    }

    private func received(_ id: RecordID, in scope: TenantScope) async throws(Problem) -> Int64 {
        let job = try? JSONParser.parse(try await read(id, in: scope).json.bytes)
        return job?["bytes_received"]?.int ?? 0
    }

    private func file(_ id: RecordID, _ scope: TenantScope) -> ImportFile {
        ImportFile(job: id, lane: lane, scope: scope, pieces: pieces)
    }

    /// Hands the job to the runners. Started already, it stays as it is.
    ///
    /// - Parameter isDryRun: Nil for what the job was made with. A job whose dry run is done can be started for real.
    /// - Throws: `conflict` for a job that has ended, or whose file isn't whole.
    package func start(_ id: RecordID, isDryRun: Bool?, in scope: TenantScope) async throws(Problem) {
        try await lane.transaction(in: scope) { transaction in
            let job = try await LockedImport(id, transaction)
            let isDryRun = isDryRun ?? job.isDryRun
            let isAgain = job.status == "done" && job.isDryRun && !isDryRun
            guard isAgain || job.status == "uploading" else {
                if ["ready", "validating", "running", "done"].contains(job.status) { return }
                throw Problem(.conflict, "The import is \(job.status); make a new one.")
            }
            if let total = job.bytesTotal, total != job.bytesReceived {
                throw Problem(
                    .conflict, "\(job.bytesReceived) of \(total) bytes of the file are here; send the rest first.",
                    members: ["expected_offset": .int(job.bytesReceived)])
            }
            let changes = JSONObject(["dry_run": .bool(isDryRun), "bytes": .int(job.bytesReceived)])
            _ = try await transaction.execute([
                SQLCommand(ImportSQL.forgetFaults, [id.description]),
                SQLCommand(ImportSQL.start, [id.description, scope.actor.id.text, isDryRun ? "true" : "false"]),
                audit("start", id, changes, scope),
            ])
        }
    }

    /// Ends a job; what it wrote so far stays.
    ///
    /// - Throws: `conflict` for one that has ended.
    package func cancel(_ id: RecordID, in scope: TenantScope) async throws(Problem) {
        try await lane.transaction(in: scope) { transaction in
            let job = try await LockedImport(id, transaction)
            if job.status == "cancelled" { return }
            guard !["done", "failed"].contains(job.status) else {
                throw Problem(.conflict, "The import is \(job.status) already.")
            }
            _ = try await transaction.execute([
                SQLCommand(ImportSQL.cancel, [id.description]), audit("cancel", id, JSONObject(), scope),
            ])
        }
    }

    /// What is wrong with rows, in the file's order.
    ///
    /// - Throws: `invalid_cursor`.
    package func faults(
        of id: RecordID, limit: Int, cursor: String?, in scope: TenantScope
    ) async throws(Problem) -> RecordPage {
        let list = CursorSeal.List(
            business: scope.business, label: Self.label + ".faults", fingerprint: id.description)
        let key = try cursor.map { (cursor) throws(Problem) in try seal.open(cursor, of: list).key ?? "" }
        let after = (key ?? "0:0").split(separator: ":").map(String.init)
        guard after.count == 2 else { throw .invalidCursor }
        let rows = try await lane.read(
            SQLCommand(ImportSQL.faults, [id.description, after[0], after[1], String(limit + 1)]), in: scope)
        let count = min(rows.count, limit)
        let records = (0..<count).map { JSONText(rows, row: $0, column: 0) }
        guard rows.count > count, let row = rows.text(count - 1, 1), let position = rows.text(count - 1, 2) else {
            return RecordPage(records: records, nextCursor: nil)
        }
        let next = ListQuery.Position(key: "\(row):\(position)", id: id)
        return RecordPage(records: records, nextCursor: seal.seal(next, of: list))
    }

    /// A row that wasn't imported, as it stands in the file.
    package struct BadRow: Sendable {
        package let number: Int64
        package let bytes: [UInt8]
        /// All that is wrong with it.
        package let message: String
    }

    /// The next rows that weren't imported, at most 100, after row `number`; none once the file was thrown away.
    package func badRows(of id: RecordID, after number: Int64, in scope: TenantScope) async throws(Problem) -> [BadRow]
    {
        let rows = try await lane.read(
            SQLCommand(ImportSQL.badRows, [id.description, String(number), "100"]), in: scope)
        let file = file(id, scope)
        var bad: [BadRow] = []
        for row in 0..<rows.count {
            guard let number = rows.integer(row, 0), let start = rows.integer(row, 1), let end = rows.integer(row, 2)
            else { throw .failed }
            let bytes = try await file.bytes(Int(start)..<Int(end))
            bad.append(BadRow(number: number, bytes: bytes, message: rows.text(row, 3) ?? ""))
        }
        return bad
    }

    /// The first bytes of the file, for its header.
    package func head(of id: RecordID, in scope: TenantScope) async throws(Problem) -> [UInt8] {
        try await file(id, scope).bytes(0..<ImportBounds.pieceBytesMax)
    }

    private func audit(_ verb: String, _ id: RecordID, _ changes: JSONObject, _ scope: TenantScope) -> SQLCommand {
        AuditRow(action: "platform.import.\(verb)", entity: "platform.import", record: id.uuid, changes: changes)
            .insert(id: ids.next(), in: scope)
    }
}

/// A job that nobody else changes until the transaction ends.
private struct LockedImport {
    let status: String
    let bytesReceived: Int64
    let bytesTotal: Int64?
    let isDryRun: Bool

    init(_ id: RecordID, _ transaction: DatabaseTransaction) async throws {
        let rows = try await transaction.execute(SQLCommand(ImportSQL.lock, [id.description]))
        guard rows.count == 1 else { throw Problem.notFound("import") }
        status = rows.text(0, 0) ?? ""
        bytesReceived = rows.integer(0, 1) ?? 0
        bytesTotal = rows.integer(0, 2)
        isDryRun = rows.text(0, 3) == "true"
    }
}

extension Problem {
    fileprivate static func uploadOffset(expected: Int64) -> Problem {
        Problem(
            .uploadOffset, "These bytes don't come next, or aren't the ones that are there; go on at byte \(expected).",
            members: ["expected_offset": .int(expected)])
    }
}
