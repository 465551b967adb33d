package import HostModel

/// Reads JSON objects, one a line (NDJSON), piece by piece: pieces of any size, constant memory, resumable.
///
/// Lines end with LF or CRLF. Lines of white space are skipped. A UTF-8 byte order mark is skipped. Used as
/// ``CSVReader`` is.
package struct JSONLineReader: Sendable {
    /// Where a reader stands between two lines.
    package struct State: Hashable, Sendable {
        package var offset = 0
        /// From 1.
        package var line = 1

        package init() {}
    }

    /// An object, or what is wrong with a line; with where it is.
    package struct Event: Hashable, Sendable {
        package let content: Result<JSONObject, RowFlaw>
        package let line: Int
        /// Its bytes in the file, line end included.
        package let range: Range<Int>
    }

    private let bounds: ReaderBounds
    package private(set) var state: State
    private var chunk: [UInt8] = []
    private var position = 0
    /// What was read of the current line.
    private var text: [UInt8] = []
    private var lineBytes = 0
    private var isFinished = false

    package init(_ state: State = State(), bounds: ReaderBounds = ReaderBounds()) {
        self.state = state
        self.bounds = bounds
    }

    package mutating func feed(_ bytes: [UInt8]) {
        precondition(position == chunk.count, "the piece before is read first")
        (chunk, position) = (bytes, 0)
    }

    package mutating func finish() { isFinished = true }

    /// The next object; nil when another piece is needed, and at the end.
    package mutating func next() -> Event? {
        while position < chunk.count {
            let end = chunk[position...].firstIndex(of: UInt8(ascii: "\n"))
            keep(position..<(end ?? chunk.count))
            guard end != nil else { return nil }
            position += 1
            lineBytes += 1
            if let event = endLine() { return event }
        }
        return isFinished && lineBytes > 0 ? endLine() : nil
    }

    private mutating func keep(_ range: Range<Int>) {
        position = range.upperBound
        lineBytes += range.count
        // One byte more than allowed is kept, which tells that there were too many.
        let room = max(0, bounds.rowBytesMax + 1 - text.count)
        text += chunk[range].prefix(room)
    }

    /// Nil for a line without anything on it.
    private mutating func endLine() -> Event? {
        defer {
            state.offset += lineBytes
            state.line += 1
            lineBytes = 0
            text.removeAll(keepingCapacity: true)
        }
        if state.offset == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        guard text.contains(where: { !Self.isSpace($0) }) else { return nil }
        return Event(
            content: Self.object(text, bounds), line: state.line, range: state.offset..<state.offset + lineBytes)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }

    private static func object(_ text: [UInt8], _ bounds: ReaderBounds) -> Result<JSONObject, RowFlaw> {
        guard text.count <= bounds.rowBytesMax else {
            return .failure(RowFlaw("row_too_long", "The line has more than \(bounds.rowBytesMax) bytes."))
        }
        do throws(JSONParser.Failure) {
            guard let object = try JSONParser.parse(text).object else {
                return .failure(RowFlaw("malformed_json", "The line isn't a JSON object."))
            }
            return .success(object)
        } catch {
            let reason = "The line isn't acceptable JSON at its byte \(error.offset): \(error.reason.rawValue)."
            return .failure(RowFlaw("malformed_json", reason))
        }
    }
}
