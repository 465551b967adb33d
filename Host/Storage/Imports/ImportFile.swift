package import HostModel
import HostPostgres

/// Reads an uploaded file piece by piece.
package struct ImportFile: Sendable {
    let job: RecordID
    let lane: TenantLane
    let scope: TenantScope
    let pieces: ImportPieces

    /// How many pieces come in one round trip.
    private static let pieceCount = 4

    init(job: RecordID, lane: TenantLane, scope: TenantScope, pieces: ImportPieces) {
        self.job = job
        self.lane = lane
        self.scope = scope
        self.pieces = pieces
    }

    /// The bytes from an offset to the end of a piece; empty at the file's end.
    package func read(from offset: Int) async throws(Problem) -> [UInt8] {
        let command = SQLCommand(
            ImportSQL.pieces, [job.description, String(offset), String(Self.pieceCount)])
        let rows = try await lane.read(command, in: scope)
        var bytes: [UInt8] = []
        for row in 0..<rows.count {
            let (start, piece) = try await pieces.bytes(rows, row, of: job, in: scope)
            let skipped = bytes.isEmpty ? offset - start : 0
            guard skipped < piece.count else { continue }
            bytes += piece[max(0, skipped)...]
        }
        return bytes
    }

    /// A range of the file; shorter when it ends before.
    func bytes(_ range: Range<Int>) async throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < range.count {
            let more = try await read(from: range.lowerBound + bytes.count)
            if more.isEmpty { break }
            bytes += more
        }
        return Array(bytes.prefix(range.count))
    }
}
