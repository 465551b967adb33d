import Foundation
import HostModel
import HostTransfer

/// Reads a file through on this side, as the server would before it writes a row: encoding, quotes, columns.
struct LocalReading {
    let source: ImportSource

    private static let pieceBytes = 1 << 20
    private static let shownMax = 20

    /// Prints rows, speed and the first flaws.
    ///
    /// - Returns: Whether every row can be read.
    /// - Throws: ``CommandFailure`` with exit code 1 for a file that can't be read to its end.
    func run(delimiter: UInt8?) throws -> Bool {
        var reader = RowReader(source.isNDJSON ? .ndjson : .csv, delimiter: delimiter)
        var encoding = EncodingCheck()
        var flaws: [String] = []
        var flawCount = 0
        let start = ContinuousClock.now
        func take(_ reader: inout RowReader) throws(FileFault) {
            while let row = try reader.next() {
                guard case .flawed(let flaw) = row.content else { continue }
                flawCount += 1
                if flaws.count < Self.shownMax { flaws.append("line \(row.line): \(flaw.code): \(flaw.detail)") }
            }
        }
        do {
            var offset = 0
            while offset < source.bytes {
                let piece = Array(try source.read(Self.pieceBytes, at: offset))
                if piece.isEmpty { break }
                offset += piece.count
                try encoding.take(piece)
                reader.feed(piece)
                try take(&reader)
            }
            try encoding.finish()
            reader.finish()
            try take(&reader)
        } catch let fault as FileFault {
            throw CommandFailure.findings(fault.detail)
        }
        let parts = (ContinuousClock.now - start).components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        let speed = Double(source.bytes) / 1_000_000 / max(seconds, 0.000_001)
        printLine("\(reader.rowCount) rows, \(flawCount) of them can't be read; \(Int(speed)) MB/s")
        for flaw in flaws { printLine(flaw) }
        return flawCount == 0
    }
}
