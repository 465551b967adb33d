import Crypto
import Foundation
package import HostModel
import HostPostgres
import HostSQL
package import NIOCore

/// The files of a business. The same bytes are kept once, however often they are brought.
///
/// Every function throws `unavailable`, `deadline_exceeded` and `internal_error` beside what it says itself.
package struct FileStore: Sendable {
    let lane: TenantLane
    let seal: CursorSeal
    let ids: UUIDv7Source

    private static let entity = "platform.file"
    private static let uploadDeadline: Duration = .seconds(20)

    /// Keeps a file and gives its description: what ``read(_:in:)`` gives.
    package func add(_ file: NewFile, in scope: TenantScope) async throws(Problem) -> (id: RecordID, json: JSONText) {
        let id = RecordID(ids.next())
        // Sound: the bytes are read before the buffer's loan ends.
        let digest = unsafe file.content.withUnsafeReadableBytes { unsafe Array(SHA256.hash(data: $0)) }
        let sha256 = SessionStatements.bytea(digest)
        let bytes = String(file.content.readableBytes)
        let audit = AuditRow(
            action: "\(Self.entity).create", entity: Self.entity, record: id.uuid,
            changes: JSONObject([
                "name": ["to": .string(file.name)], "bytes": ["to": .int(Int64(file.content.readableBytes))],
                "sha256": ["to": .string(digest.hexadecimal)],
            ]))
        let rows = try await lane.transaction(in: scope, deadline: Self.uploadDeadline) { transaction in
            let new = try await transaction.execute(SQLCommand(FileStatements.addContent, [sha256, bytes]))
            if new.count == 1 {
                try await addChunks(file.content, sha256, transaction)
                _ = try await transaction.execute(SQLCommand(FileStatements.count, [bytes]))
            }
            let parameters = [
                id.description, sha256, bytes, file.type.name, file.name, file.visibility.rawValue,
                scope.actor.id.text,
            ]
            return try await transaction.execute([
                SQLCommand(FileStatements.addFile, parameters), audit.insert(id: ids.next(), in: scope),
            ])
        }
        return (id, JSONText(rows[0], row: 0, column: 0))
    }

    /// One round trip for each: together they would stand in memory once more, as text.
    private func addChunks(
        _ content: ByteBuffer, _ sha256: String, _ transaction: DatabaseTransaction
    ) async throws {
        var content = content
        var position = 0
        while let chunk = content.readSlice(length: min(FileContent.chunkBytes, content.readableBytes)),
            chunk.readableBytes > 0
        {
            let text = Data(chunk.readableBytesView).base64EncodedString()
            _ = try await transaction.execute(SQLCommand(FileStatements.addChunk, [sha256, String(position), text]))
            position += 1
        }
    }

    /// - Throws: `not_found`, also for a file of another business.
    package func read(_ id: RecordID, in scope: TenantScope) async throws(Problem) -> JSONText {
        try one(try await lane.read(SQLCommand(FileStatements.read, [id.description]), in: scope))
    }

    /// Takes a file out of use: it stays readable, and is hidden from the list. Doing it twice changes nothing.
    ///
    /// - Throws: `not_found`.
    package func archive(_ id: RecordID, in scope: TenantScope) async throws(Problem) -> JSONText {
        let audit = AuditRow(action: "\(Self.entity).archive", entity: Self.entity, record: id.uuid)
        let rows = try await lane.transaction(in: scope) { transaction in
            let rows = try await transaction.execute(SQLCommand(FileStatements.archive, [id.description]))
            _ = try one(rows)
            _ = try await transaction.execute(audit.insert(id: ids.next(), in: scope))
            return rows
        }
        return try one(rows)
    }

    private func one(_ rows: Rows) throws(Problem) -> JSONText {
        guard rows.count == 1 else { throw .notFound("file") }
        return JSONText(rows, row: 0, column: 0)
    }

    /// The files that are in use, the newest first.
    ///
    /// - Throws: `invalid_cursor`.
    package func list(
        limit: Int, cursor: String?, in scope: TenantScope
    ) async throws(Problem) -> RecordPage {
        let list = CursorSeal.List(business: scope.business, label: Self.entity, fingerprint: "-id")
        let after = try cursor.map { (text) throws(Problem) in try seal.open(text, of: list).id.description }
        let rows = try await lane.read(SQLCommand(FileStatements.list, [after, String(limit + 1)]), in: scope)
        let count = min(rows.count, limit)
        let records = (0..<count).map { JSONText(rows, row: $0, column: 0) }
        guard rows.count > count, let last = rows.text(count - 1, 1).flatMap({ RecordID($0) }) else {
            return RecordPage(records: records, nextCursor: nil)
        }
        return RecordPage(records: records, nextCursor: seal.seal(ListQuery.Position(key: nil, id: last), of: list))
    }

    /// - Throws: `not_found`, also for a file of another business.
    package func content(of id: RecordID, in scope: TenantScope) async throws(Problem) -> FileContent {
        let rows = try await lane.read(SQLCommand(FileStatements.content, [id.description]), in: scope)
        guard rows.count == 1, let bytes = rows.integer(0, 2) else { throw .notFound("file") }
        return FileContent(
            name: rows.text(0, 0) ?? "", mediaType: rows.text(0, 1) ?? "", bytes: Int(bytes),
            sha256: rows.text(0, 3) ?? "")
    }

    /// One piece of a content, from 0 to its ``FileContent/chunkCount``.
    package func chunk(_ position: Int, of content: FileContent, in scope: TenantScope) async throws(Problem)
        -> ByteBuffer
    {
        let command = SQLCommand(FileStatements.chunk, [content.sha256, String(position)])
        let rows = try await lane.read(command, in: scope)
        guard rows.count == 1, let text = rows.bytes(0, 0), let bytes = Hexadecimal.bytes(text) else { throw .failed }
        return ByteBuffer(bytes: bytes)
    }
}

/// Bytes as lower-case digits, two for each.
enum Hexadecimal {
    /// Nil for text that isn't that.
    static func bytes(_ text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
