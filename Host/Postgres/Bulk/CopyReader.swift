package import NIOCore

/// The rows of one `COPY … TO STDOUT`, in pieces that are read when they are asked for.
///
/// Nothing is read ahead but what the sockets' buffers hold, so a slow reader slows the server down.
package struct CopyReader: AsyncSequence, AsyncIteratorProtocol {
    /// Some whole rows, each with its line end.
    package struct Piece: Sendable {
        package let bytes: ByteBuffer
        package let rows: Int
    }

    /// How a row ends; PostgreSQL ends it with a line feed.
    package enum LineEnd: Sendable {
        case lineFeed
        /// As RFC 4180 wants it.
        case carriageReturnLineFeed

        func append(_ row: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) {
            switch self {
            case .lineFeed: unsafe buffer.writeBytes(row)
            case .carriageReturnLineFeed:
                // Sound: the slice is inside the row, which its owner keeps for the time of the call.
                unsafe buffer.writeBytes(UnsafeRawBufferPointer(rebasing: row.dropLast()))
                buffer.writeStaticString("\r\n")
            }
        }
    }

    /// A piece has at least so many bytes, the last one apart.
    package static let pieceBytes = 65_536

    private let snapshot: DatabaseSnapshot
    private let lineEnd: LineEnd
    private var isOver = false

    init(_ snapshot: DatabaseSnapshot, lineEnd: LineEnd) {
        self.snapshot = snapshot
        self.lineEnd = lineEnd
    }

    package func makeAsyncIterator() -> CopyReader { self }

    /// The next piece; nil after the last one.
    package mutating func next() async throws(DatabaseError) -> Piece? {
        guard !isOver else { return nil }
        let (piece, isLast) = try await snapshot.readCopy(bytesMin: Self.pieceBytes, lineEnd: lineEnd)
        isOver = isLast
        return piece.rows == 0 ? nil : piece
    }
}
