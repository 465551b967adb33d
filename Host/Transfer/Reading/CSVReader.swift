/// Reads CSV (RFC 4180) piece by piece: pieces of any size, constant memory, resumable at every row.
///
/// Lines end with CRLF, LF or CR. Values may be in quotes, with quotes doubled inside, and then span lines. A quote
/// inside a value that didn't begin with one is an ordinary character (`5" pipe`). Lines without a byte are skipped. A
/// UTF-8 byte order mark is skipped. The delimiter is given, or guessed from the first line.
///
/// Feed, then call ``next()`` until it gives nil; after the last piece call ``finish()`` and ``next()`` once more.
package struct CSVReader: Sendable {
    /// Where a reader stands between two rows; another reader goes on from there.
    package struct State: Hashable, Sendable {
        /// The byte that the next row begins with.
        package var offset = 0
        /// The line that the next row begins on, from 1.
        package var line = 1
        /// Nil until the first line was seen.
        package var delimiter: UInt8?
        /// The last byte was a CR: an LF that follows belongs to it.
        package var isAfterReturn = false

        package init(delimiter: UInt8? = nil) { self.delimiter = delimiter }
    }

    /// A row, or what is wrong with one; with where it is.
    package struct Event: Hashable, Sendable {
        package let content: Result<CSVRow, RowFlaw>
        /// The line that it begins on.
        package let line: Int
        /// Its bytes in the file, line end included.
        package let range: Range<Int>
    }

    private enum Place { case rowStart, fieldStart, plain, quoted, quoteInQuoted }

    private let bounds: ReaderBounds
    /// The state at the last row's end.
    package private(set) var state: State
    /// Bytes kept until the first line tells the delimiter; nil from then on.
    private var head: [UInt8]?
    private var guess = DelimiterGuess()
    private var chunk: [UInt8] = []
    private var position = 0
    private var isFinished = false

    // The row that is being read.
    private var place = Place.rowStart
    private var values: [UInt8] = []
    private var ends: [Int] = []
    private var rowBytes = 0
    private var line: Int
    private var quoteLine = 0
    private var isAfterReturn = false
    private var flaw: RowFlaw?

    package init(_ state: State = State(), bounds: ReaderBounds = ReaderBounds()) {
        self.state = state
        self.bounds = bounds
        line = state.line
        isAfterReturn = state.isAfterReturn
        head = state.offset == 0 ? [] : nil
        precondition(state.offset == 0 || state.delimiter != nil, "a reader that goes on knows its delimiter")
    }

    /// Gives the next piece; the one before must have been read to its end.
    package mutating func feed(_ bytes: [UInt8]) {
        precondition(position == chunk.count, "the piece before is read first")
        guard head != nil else {
            (chunk, position) = (bytes, 0)
            return
        }
        if state.delimiter == nil { guess.take(bytes) }
        head? += bytes
        if (state.delimiter != nil || guess.isDone) && (head?.count ?? 0) >= 3 { takeHead() }
    }

    /// No piece follows.
    package mutating func finish() {
        takeHead()
        isFinished = true
    }

    private mutating func takeHead() {
        guard let bytes = head else { return }
        head = nil
        if state.delimiter == nil { state.delimiter = guess.delimiter }
        chunk = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        state.offset = position
    }

    /// The next row; nil when another piece is needed, and at the end.
    ///
    /// - Throws: `unterminated_quote` with the line where it began, after the last piece.
    package mutating func next() throws(FileFault) -> Event? {
        let isWhole = head == nil && readRow()
        if isWhole { return event() }
        guard isFinished else { return nil }
        guard place != .quoted else {
            throw FileFault(
                FileFault.unterminatedQuote,
                "The quote that begins on line \(quoteLine) is never closed: close it, or double quotes inside values.",
                line: quoteLine)
        }
        guard place != .rowStart else { return nil }
        endField()
        return event()
    }

    private mutating func event() -> Event {
        let start = state.offset
        let content: Result<CSVRow, RowFlaw> =
            flaw.map { .failure($0) } ?? .success(CSVRow(bytes: values, ends: ends))
        let event = Event(content: content, line: state.line, range: start..<start + rowBytes)
        state.offset += rowBytes
        state.line = line
        state.isAfterReturn = isAfterReturn
        (values, ends, flaw, rowBytes, place) = ([], [], nil, 0, .rowStart)
        values.reserveCapacity(event.range.count)
        return event
    }
}

// MARK: - Bytes

extension CSVReader {
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Whether a row has ended; false when the piece has.
    private mutating func readRow() -> Bool {
        let bytes = chunk
        let span = bytes.span
        let delimiter = state.delimiter ?? UInt8(ascii: ",")
        while position < span.count {
            switch place {
            case .rowStart: skipLineEnd(span[position])
            case .fieldStart: startField(span[position])
            case .plain: if readPlain(span, delimiter) { return true }
            case .quoted: readQuoted(span)
            case .quoteInQuoted: if readAfterQuote(span[position], delimiter) { return true }
            }
        }
        return false
    }

    /// Skips lines without a byte, and the LF of a CRLF that was cut in two.
    private mutating func skipLineEnd(_ byte: UInt8) {
        guard byte == Self.lineFeed || byte == Self.carriageReturn else {
            isAfterReturn = false
            place = .fieldStart
            return
        }
        if byte == Self.carriageReturn || !isAfterReturn { line += 1 }
        isAfterReturn = byte == Self.carriageReturn
        position += 1
        state.offset += 1
        state.line = line
        state.isAfterReturn = isAfterReturn
    }

    private mutating func startField(_ byte: UInt8) {
        guard byte == Self.quote else {
            place = .plain
            return
        }
        quoteLine = line
        place = .quoted
        take(1)
    }

    /// To the delimiter or the line's end; true for the latter.
    private mutating func readPlain(_ span: Span<UInt8>, _ delimiter: UInt8) -> Bool {
        var end = position
        while end < span.count {
            let byte = span[end]
            if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            end += 1
        }
        keep(position..<end)
        guard end < span.count else { return false }
        return endOfField(span[end], delimiter)
    }

    /// To the next quote.
    private mutating func readQuoted(_ span: Span<UInt8>) {
        var end = position
        var isAfterReturn = isAfterReturn
        while end < span.count {
            let byte = span[end]
            if byte == Self.quote { break }
            if byte == Self.carriageReturn || byte == Self.lineFeed && !isAfterReturn { line += 1 }
            isAfterReturn = byte == Self.carriageReturn
            end += 1
        }
        self.isAfterReturn = end < span.count ? false : isAfterReturn
        keep(position..<end)
        guard end < span.count else { return }
        take(1)
        place = .quoteInQuoted
    }

    /// After a quote inside quotes: a second one stands for itself, else the value is over.
    private mutating func readAfterQuote(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
        switch byte {
        case Self.quote:
            keep(position..<position + 1)
            place = .quoted
            return false
        case delimiter, Self.lineFeed, Self.carriageReturn: return endOfField(byte, delimiter)
        default:
            flaw =
                flaw
                ?? RowFlaw(
                    "text_after_quote",
                    "Value \(ends.count + 1) goes on after its closing quote; double the quotes inside a value.")
            place = .plain
            return false
        }
    }

    /// True at the end of the row.
    private mutating func endOfField(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
        endField()
        take(1)
        guard byte != delimiter else {
            place = .fieldStart
            return false
        }
        line += 1
        isAfterReturn = byte == Self.carriageReturn
        if isAfterReturn, position < chunk.count, chunk[position] == Self.lineFeed {
            isAfterReturn = false
            take(1)
        }
        return true
    }

    private mutating func endField() {
        guard ends.count < bounds.columnsMax else {
            flaw = flaw ?? RowFlaw("too_many_columns", "The row has more than \(bounds.columnsMax) values.")
            return
        }
        ends.append(values.count)
    }

    private mutating func take(_ count: Int) {
        position += count
        rowBytes += count
    }

    /// Adds bytes to the value, as long as it and its row are within their bounds and the row is good for anything.
    private mutating func keep(_ range: Range<Int>) {
        take(range.count)
        guard flaw == nil else { return }
        values.append(contentsOf: chunk[range])
        guard values.count - (ends.last ?? 0) <= bounds.valueBytesMax else {
            flaw = RowFlaw("value_too_long", "Value \(ends.count + 1) has more than \(bounds.valueBytesMax) bytes.")
            return values = []
        }
        guard rowBytes <= bounds.rowBytesMax else {
            flaw = RowFlaw("row_too_long", "The row has more than \(bounds.rowBytesMax) bytes.")
            return values = []
        }
    }
}
