import HostModel
import HostTransfer
import Testing

struct RowReaderTests {
    @Test func `a row with another count of values than the header is a flaw of that row`() throws {
        let rows = try read(.csv, "a,b\n1\n1,2\n1,2,3\n")
        #expect(rows.map(\.number) == [1, 2, 3])
        #expect(rows.map(\.line) == [2, 3, 4])
        #expect(rows.map(flaw) == ["ragged_row", nil, "ragged_row"])
    }

    @Test(arguments: [("a,,c\n", "Column 2"), ("a,b,a\n", "twice"), ("\"a\"x,b\n", "header")])
    func `a header that names no columns is refused`(text: String, words: String) throws {
        #expect {
            _ = try read(.csv, text)
        } throws: { error in
            guard let fault = error as? FileFault else { return false }
            return fault.code == FileFault.header && fault.detail.contains(words) && fault.line == 1
        }
    }

    @Test func `JSON lines are read, blank ones skipped, broken ones told`() throws {
        let text = "\u{FEFF}{\"a\":1}\r\n\n  \n[1]\n{\"a\":}\n{\"a\":2,\"a\":3}\n{\"a\":4}"
        let rows = try read(.ndjson, text)
        #expect(rows.map(flaw) == [nil, "malformed_json", "malformed_json", "malformed_json", nil])
        #expect(rows.map(\.line) == [1, 4, 5, 6, 7])
        guard case .object(let last) = rows[4].content else { throw Missing() }
        #expect(last["a"] == 4)
    }

    @Test func `a line beyond its bound is a flaw`() throws {
        var bounds = ReaderBounds()
        bounds.rowBytesMax = 12
        var reader = RowReader(.ndjson, bounds: bounds)
        reader.feed(Array("{\"a\":\"12345\"}\n{\"a\":1}\n".utf8))
        #expect(try reader.next().flatMap(flaw) == "row_too_long")
        #expect(try reader.next().flatMap(flaw) == nil)
    }

    @Test func `the bytes of a row are those between its line ends`() throws {
        let text = "a,b\r\n1,\"x\r\ny\"\r\n3,4"
        let bytes = Array(text.utf8)
        let rows = try read(.csv, text, pieces: bytes.count)
        #expect(rows.map { String(decoding: bytes[$0.range], as: UTF8.self) } == ["1,\"x\r\ny\"\r\n", "3,4"])
    }

    private func read(_ format: FileFormat, _ text: String, pieces: Int = 1) throws -> [SourceRow] {
        var reader = RowReader(format)
        var rows: [SourceRow] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            reader.feed(Array(bytes[start..<min(start + pieces, bytes.count)]))
            while let row = try reader.next() { rows.append(row) }
        }
        reader.finish()
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func flaw(_ row: SourceRow) -> String? {
        if case .flawed(let flaw) = row.content { flaw.code } else { nil }
    }

    private struct Missing: Error {}
}
