package import HostModel

/// Where a ``RowReader`` stands between two rows, in a form that can be kept.
package struct ReaderCheckpoint: Hashable, Sendable {
    enum Place: Hashable, Sendable {
        case csv(CSVReader.State)
        case ndjson(JSONLineReader.State)
    }

    let place: Place
    package let header: [String]
    /// Rows before this place.
    package let rowCount: Int

    init(place: Place, header: [String], rowCount: Int) {
        self.place = place
        self.header = header
        self.rowCount = rowCount
    }

    /// Where the same reader stood before a row that it gave.
    package func before(_ row: SourceRow) -> ReaderCheckpoint {
        let place: Place
        switch self.place {
        case .csv(var state):
            (state.offset, state.line, state.isAfterReturn) = (row.range.lowerBound, row.line, false)
            place = .csv(state)
        case .ndjson(var state):
            (state.offset, state.line) = (row.range.lowerBound, row.line)
            place = .ndjson(state)
        }
        return ReaderCheckpoint(place: place, header: header, rowCount: row.number - 1)
    }

    /// The byte of the file to go on with.
    package var offset: Int {
        switch place {
        case .csv(let state): state.offset
        case .ndjson(let state): state.offset
        }
    }

    package var json: JSONValue {
        var object = JSONObject([
            "offset": .int(Int64(offset)), "rows": .int(Int64(rowCount)),
            "header": .array(header.map { .string($0) }),
        ])
        switch place {
        case .csv(let state):
            object["format"] = "csv"
            object["line"] = .int(Int64(state.line))
            object["delimiter"] = state.delimiter.map { .int(Int64($0)) } ?? .null
            object["after_return"] = .bool(state.isAfterReturn)
        case .ndjson(let state):
            object["format"] = "ndjson"
            object["line"] = .int(Int64(state.line))
        }
        return .object(object)
    }

    /// Nil for anything but ``json`` of a checkpoint.
    package init?(_ json: JSONValue) {
        guard let offset = json["offset"]?.int, let line = json["line"]?.int, let rows = json["rows"]?.int,
            let format = json["format"]?.string.flatMap(FileFormat.init(rawValue:)), let header = json["header"]?.array
        else { return nil }
        switch format {
        case .csv:
            var state = CSVReader.State(delimiter: json["delimiter"]?.int.flatMap { UInt8(exactly: $0) })
            state.offset = Int(offset)
            state.line = Int(line)
            state.isAfterReturn = json["after_return"]?.bool ?? false
            guard state.offset == 0 || state.delimiter != nil else { return nil }
            place = .csv(state)
        case .ndjson:
            var state = JSONLineReader.State()
            state.offset = Int(offset)
            state.line = Int(line)
            place = .ndjson(state)
        }
        self.header = header.compactMap(\.string)
        rowCount = Int(rows)
    }
}
