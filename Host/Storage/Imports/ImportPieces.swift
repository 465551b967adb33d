import HostModel
import HostPostgres
import HostSQL

/// The pieces of an uploaded file on their way in and out of the database.
///
/// A file for an entity with sensitive fields is sealed, whole: what it holds is nowhere in plain.
struct ImportPieces: Sendable {
    let keys: DataKeyStore

    /// What sealing adds to a piece.
    static let sealBytes = 28

    /// The parameters of the statements that store a part of a file.
    ///
    /// - Parameter isSealed: Whether the file has sensitive columns.
    func parameters(
        of bytes: [UInt8], at offset: Int64, of job: RecordID, isSealed: Bool, in scope: TenantScope
    ) async throws(Problem) -> [[SQLParameter]] {
        let key = isSealed ? try await keys.current(in: scope) : nil
        var parameters: [[SQLParameter]] = []
        for start in stride(from: 0, to: bytes.count, by: ImportBounds.pieceBytesMax) {
            let piece = Array(bytes[start..<min(start + ImportBounds.pieceBytesMax, bytes.count)])
            let place = Self.place(job, offset + Int64(start))
            let kept = try key?.sealed(piece, at: place) ?? piece
            parameters.append([
                job.description, String(offset + Int64(start)), ByteaText.text(kept), key.map { String($0.id) },
            ])
        }
        return parameters
    }

    /// The bytes of a row of `ImportSQL.pieces`: start, bytes, key.
    func bytes(
        _ rows: Rows, _ row: Int, of job: RecordID, in scope: TenantScope
    ) async throws(Problem) -> (start: Int, bytes: [UInt8]) {
        guard let start = rows.integer(row, 0), let kept = rows.withBytes(row, 1, { ByteaText.bytes($0) }) else {
            throw .failed
        }
        guard let id = rows.integer(row, 2) else { return (Int(start), kept) }
        guard let key = try await keys.key(Int(id), in: scope) else { throw .unopenable }
        return (Int(start), try key.open(kept, at: Self.place(job, start)))
    }

    private static func place(_ job: RecordID, _ start: Int64) -> SealedPlace {
        SealedPlace(entity: "imports.chunk", record: job, column: String(start))
    }
}
