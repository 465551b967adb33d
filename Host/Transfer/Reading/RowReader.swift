package import HostModel

/// How a file is written.
package enum FileFormat: String, Hashable, Sendable, CaseIterable {
    case csv
    case ndjson
}

/// One row of a file, whatever its format.
package struct SourceRow: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// As many values as the header has names.
        case cells(CSVRow)
        case object(JSONObject)
        case flawed(RowFlaw)
    }

    /// From 1; the header isn't counted.
    package let number: Int
    /// The line that it begins on, from 1.
    package let line: Int
    /// Its bytes in the file.
    package let range: Range<Int>
    package let content: Content
}

/// Reads the rows of a file piece by piece; can be stopped after any row and gone on with elsewhere.
package struct RowReader: Sendable {
    private enum Lines: Sendable {
        case csv(CSVReader)
        case ndjson(JSONLineReader)
    }

    private var lines: Lines
    /// The names in the first line of a CSV; empty before it was read, and for NDJSON.
    package private(set) var header: [String]
    /// Rows read so far.
    package private(set) var rowCount: Int

    /// - Parameter delimiter: Nil to find it out; CSV only.
    package init(_ format: FileFormat, delimiter: UInt8? = nil, bounds: ReaderBounds = ReaderBounds()) {
        switch format {
        case .csv: lines = .csv(CSVReader(CSVReader.State(delimiter: delimiter), bounds: bounds))
        case .ndjson: lines = .ndjson(JSONLineReader(bounds: bounds))
        }
        header = []
        rowCount = 0
    }

    /// Goes on where another reader stopped; feed the bytes from ``ReaderCheckpoint/offset``.
    package init(_ checkpoint: ReaderCheckpoint, bounds: ReaderBounds = ReaderBounds()) {
        switch checkpoint.place {
        case .csv(let state): lines = .csv(CSVReader(state, bounds: bounds))
        case .ndjson(let state): lines = .ndjson(JSONLineReader(state, bounds: bounds))
        }
        header = checkpoint.header
        rowCount = checkpoint.rowCount
    }

    /// Where it stands: after the last row that ``next()`` gave.
    package var checkpoint: ReaderCheckpoint {
        switch lines {
        case .csv(let reader):
            ReaderCheckpoint(place: .csv(reader.state), header: header, rowCount: rowCount)
        case .ndjson(let reader): ReaderCheckpoint(place: .ndjson(reader.state), header: header, rowCount: rowCount)
        }
    }

    package mutating func feed(_ bytes: [UInt8]) {
        switch lines {
        case .csv(var reader):
            lines = .ndjson(JSONLineReader())
            reader.feed(bytes)
            lines = .csv(reader)
        case .ndjson(var reader):
            reader.feed(bytes)
            lines = .ndjson(reader)
        }
    }

    package mutating func finish() {
        switch lines {
        case .csv(var reader):
            reader.finish()
            lines = .csv(reader)
        case .ndjson(var reader):
            reader.finish()
            lines = .ndjson(reader)
        }
    }

    /// The next row; nil when another piece is needed, and at the end.
    ///
    /// - Throws: `unterminated_quote`, or `header` for a first line that names no columns.
    package mutating func next() throws(FileFault) -> SourceRow? {
        switch lines {
        case .csv(var reader):
            // Taken out while it works, so that its buffers have one owner and aren't copied.
            lines = .ndjson(JSONLineReader())
            defer { lines = .csv(reader) }
            if header.isEmpty {
                guard let event = try reader.next() else { return nil }
                header = try Header.names(event)
            }
            guard let event = try reader.next() else { return nil }
            return row(event.line, event.range, Self.content(event, columns: header.count))
        case .ndjson(var reader):
            lines = .ndjson(JSONLineReader())
            defer { lines = .ndjson(reader) }
            guard let event = reader.next() else { return nil }
            switch event.content {
            case .success(let object): return row(event.line, event.range, .object(object))
            case .failure(let flaw): return row(event.line, event.range, .flawed(flaw))
            }
        }
    }

    private mutating func row(_ line: Int, _ range: Range<Int>, _ content: SourceRow.Content) -> SourceRow {
        rowCount += 1
        return SourceRow(number: rowCount, line: line, range: range, content: content)
    }

    private static func content(_ event: CSVReader.Event, columns: Int) -> SourceRow.Content {
        switch event.content {
        case .failure(let flaw): return .flawed(flaw)
        case .success(let row) where row.count == columns: return .cells(row)
        case .success(let row):
            return .flawed(
                RowFlaw("ragged_row", "The row has \(row.count) values where the header has \(columns) columns."))
        }
    }
}

/// The first line of a CSV file.
private enum Header {
    static func names(_ event: CSVReader.Event) throws(FileFault) -> [String] {
        let row: CSVRow
        switch event.content {
        case .success(let read): row = read
        case .failure(let flaw): throw fault("The header can't be read: \(flaw.detail)", event)
        }
        let names = row.texts
        if let empty = names.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw fault("Column \(empty + 1) of the header has no name.", event)
        }
        if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw fault("The header has the column \(twice.debugDescription) twice.", event)
        }
        return names
    }

    private static func fault(_ detail: String, _ event: CSVReader.Event) -> FileFault {
        FileFault(FileFault.header, detail, line: event.line)
    }
}
