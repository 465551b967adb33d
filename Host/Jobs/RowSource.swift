import HostModel
import HostStorage
import HostTransfer

/// The rows of an uploaded file, read piece by piece from wherever a checkpoint says.
struct RowSource: Sendable {
    private let file: ImportFile
    private var reader: RowReader
    /// The byte of the file that the next piece begins with.
    private var offset: Int
    private var isAtEnd = false
    /// Looks at every byte; nil when that was done before.
    private var encoding: EncodingCheck?

    /// Reads from the start, and looks at the encoding on the way.
    init(_ file: ImportFile, _ format: FileFormat, delimiter: UInt8?) {
        self.file = file
        reader = RowReader(format, delimiter: delimiter)
        offset = 0
        encoding = EncodingCheck()
    }

    /// Goes on after the rows of a checkpoint.
    init(_ file: ImportFile, _ checkpoint: ReaderCheckpoint) {
        self.file = file
        reader = RowReader(checkpoint)
        offset = checkpoint.offset
    }

    /// After the last row that was given.
    var checkpoint: ReaderCheckpoint { reader.checkpoint }
    /// Bytes read so far, those of rows that weren't given yet among them.
    var bytesRead: Int { offset }

    /// The next row; nil at the end.
    ///
    /// - Throws: `Problem` when the database can't be asked, ``FileFault`` for a file that can't be read.
    mutating func next() async throws -> SourceRow? {
        while true {
            if let row = try reader.next() { return row }
            if isAtEnd { return nil }
            let piece = try await file.read(from: offset)
            offset += piece.count
            guard !piece.isEmpty else {
                try encoding?.finish()
                reader.finish()
                isAtEnd = true
                continue
            }
            try encoding?.take(piece)
            reader.feed(piece)
        }
    }
}
