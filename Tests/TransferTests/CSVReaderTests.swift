import HostModel
import HostTransfer
import Testing

struct CSVReaderTests {
    static let golden: [(String, [[String]])] = [
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("\u{FEFF}a,b\n1,2\n\n\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
        ("\"a,x\";b\n\"1;2\";\"3\"\n", [["a,x", "b"], ["1;2", "3"]]),
        ("a,b\n\"say \"\"hi\"\"\",\"\"\n", [["a", "b"], ["say \"hi\"", ""]]),
        ("a,b\n\"two\r\nlines\",\"x\n\ny\"\n", [["a", "b"], ["two\r\nlines", "x\n\ny"]]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b,c\n1,,", [["a", "b", "c"], ["1", "", ""]]),
        ("a,b\n5\" pipe,x\"y\"z\n", [["a", "b"], ["5\" pipe", "x\"y\"z"]]),
        (
            "name\n\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} Zoë\n",
            [["name"], ["\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} Zoë"]]
        ),
        ("a\n\"x\"", [["a"], ["x"]]),
        ("", []), ("\n\r\n", []), ("a", [["a"]]),
    ]

    @Test(arguments: golden) func `messy files are read as people mean them`(text: String, rows: [[String]]) throws {
        for pieces in [Int.max, 1, 2, 3, 7] {
            let reading = try Reading.csv(text, pieces: pieces)
            #expect(reading.rows == rows, "in pieces of \(pieces)")
            #expect(reading.flaws.isEmpty)
        }
    }

    @Test func `rows tell the line that they begin on`() throws {
        for pieces in [Int.max, 1, 4] {
            let text = "a,b\r\n\"1\r\n2\",x\r\n\r\n3,4\n\"5\r6\",7\r8,9\n"
            #expect(try Reading.csv(text, pieces: pieces).lines == [1, 2, 5, 6, 8])
        }
    }

    @Test func `a quote that is never closed is refused with the line where it began`() throws {
        for pieces in [Int.max, 1] {
            #expect {
                _ = try Reading.csv("a,b\n1,2\n\"x,3\n4,5\n", pieces: pieces)
            } throws: { error in
                let fault = error as? FileFault
                return fault?.code == FileFault.unterminatedQuote && fault?.line == 3
            }
        }
    }

    @Test func `text after a closing quote spoils its row alone`() throws {
        for pieces in [Int.max, 1] {
            let reading = try Reading.csv("a,b\n\"5\" pipe\",1\nx,y\n", pieces: pieces)
            #expect(reading.flaws == ["text_after_quote"])
            #expect(reading.rows == [["a", "b"], ["x", "y"]])
        }
    }

    @Test func `bounds spoil their row alone, and cost no memory`() throws {
        var bounds = ReaderBounds()
        bounds.valueBytesMax = 10
        bounds.rowBytesMax = 20
        bounds.columnsMax = 3
        let text =
            "a,b\n\(String(repeating: "x", count: 11)),1\n\(String(repeating: "123456789,", count: 3))\n1,2,3,4\nok,1\n"
        for pieces in [Int.max, 1] {
            let reading = try Reading.csv(Array(text.utf8), pieces: pieces, bounds: bounds)
            #expect(reading.flaws == ["value_too_long", "row_too_long", "too_many_columns"])
            #expect(reading.rows == [["a", "b"], ["ok", "1"]])
        }
    }

    @Test func `a cell of 100,000 characters comes through`() throws {
        let cell = String(repeating: "ä\"\n", count: 33_334)
        let text = "a,b\n\"\(cell.replacing("\"", with: "\"\""))\",2\n"
        #expect(try Reading.csv(text, pieces: 1_000).rows == [["a", "b"], [cell, "2"]])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `a random table is read as it was written, in pieces of any size`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let table = RandomTable(using: &generator)
            let pieces = Int.random(in: 1...40, using: &generator)
            let reading = try Reading.csv(Array(table.text.utf8), pieces: pieces, delimiter: table.delimiter)
            #expect(reading.rows == table.rows, "seed \(seed): \(table.text.debugDescription)")
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `another reader goes on after any row`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let table = RandomTable(using: &generator)
            let bytes = Array(table.text.utf8)
            let whole = try rows(bytes, from: RowReader(.csv, delimiter: table.delimiter))
            for stop in whole.checkpoints {
                let kept = try #require(ReaderCheckpoint(stop.json))
                #expect(kept == stop)
                let rest = try rows(Array(bytes[kept.offset...]), from: RowReader(kept))
                #expect(rest.rows == Array(whole.rows.dropFirst(kept.rowCount)), "seed \(seed)")
            }
        }
    }

    private func rows(
        _ bytes: [UInt8], from reader: RowReader
    ) throws -> (rows: [SourceRow], checkpoints: [ReaderCheckpoint]) {
        var reader = reader
        var rows: [SourceRow] = []
        var checkpoints: [ReaderCheckpoint] = []
        for byte in bytes {
            reader.feed([byte])
            while let row = try reader.next() {
                rows.append(row)
                checkpoints.append(reader.checkpoint)
            }
        }
        reader.finish()
        while let row = try reader.next() { rows.append(row) }
        return (rows, checkpoints)
    }
}

/// A table and one of the ways to write it.
private struct RandomTable {
    let delimiter: UInt8
    let rows: [[String]]
    let text: String

    init(using generator: inout SeededGenerator) {
        let delimiter: Character = [",", ";", "\t"].randomElement(using: &generator) ?? ","
        let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
        let columns = Int.random(in: 2...5, using: &generator)
        var rows: [[String]] = []
        var text = Bool.random(using: &generator) ? "\u{FEFF}" : ""
        for index in 0...Int.random(in: 0...6, using: &generator) {
            let row = (0..<columns).map { index == 0 ? "column \($0)" : Self.value(using: &generator) }
            rows.append(row)
            text += row.map { Self.written($0, delimiter, using: &generator) }.joined(separator: String(delimiter))
            text += lineEnd
        }
        if Bool.random(using: &generator), rows.count > 1 { text = String(text.dropLast()) }
        self.delimiter = delimiter.asciiValue ?? 0
        self.rows = rows
        self.text = text
    }

    private static func value(using generator: inout SeededGenerator) -> String {
        let parts = ["a", "\"", ",", ";", "\t", "\n", "\r", "\r\n", " ", "é", "😀", "5"]
        return (0..<Int.random(in: 0...6, using: &generator))
            .map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
    }

    /// In quotes where it must be, else by chance.
    private static func written(
        _ value: String, _ delimiter: Character, using generator: inout SeededGenerator
    ) -> String {
        let special = value.unicodeScalars.contains {
            "\"\n\r".unicodeScalars.contains($0) || Character($0) == delimiter
        }
        guard special || Bool.random(using: &generator) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
