import HostModel
import HostTransfer
import TestSupport
import Testing

/// Files that people send: never a trap, the same rows in pieces of any size, and what was written comes back.
struct FileReaderFuzz {
    /// What a reader made of a file, without where rows end: a line end that is cut in two belongs to either piece.
    private struct Reading: Equatable {
        var rows: [SourceRow.Content] = []
        var lines: [Int] = []
        var fault: FileFault?
    }

    /// Bytes that mean something to a reader, and some that no file should have.
    private static func bytes(_ generator: inout SeededGenerator) -> [UInt8] {
        let parts: [[UInt8]] = [
            [0x2C], [0x3B], [0x09], [0x22], [0x22, 0x22], [0x0A], [0x0D], [0x0D, 0x0A], [0x20], [0x61], [0x62, 0x35],
            [0xEF, 0xBB, 0xBF], [0xC3, 0xA9], [0x00], [0xFF], [0x7B], [0x7D, 0x0A], Array("{\"a\":1}\n".utf8),
        ]
        return (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in
            parts.randomElement(using: &generator) ?? []
        }
    }

    private static func read(
        _ bytes: [UInt8], from reader: RowReader, cutAt cuts: [Int]
    ) -> (reading: Reading, checkpoints: [ReaderCheckpoint]) {
        var reader = reader
        var reading = Reading()
        var checkpoints: [ReaderCheckpoint] = []
        do throws(FileFault) {
            var start = 0
            for cut in cuts + [bytes.count] {
                reader.feed(Array(bytes[start..<cut]))
                start = cut
                while let row = try reader.next() {
                    checkpoints.append(reader.checkpoint)
                    (reading.rows, reading.lines) = (reading.rows + [row.content], reading.lines + [row.line])
                }
            }
            reader.finish()
            while let row = try reader.next() {
                (reading.rows, reading.lines) = (reading.rows + [row.content], reading.lines + [row.line])
            }
        } catch {
            reading.fault = error
        }
        return (reading, checkpoints)
    }

    /// Where a file is cut: at up to eight places, which may be the same.
    private static func cuts(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
        (0..<Int.random(in: 0...8, using: &generator)).map { _ in Int.random(in: 0...count, using: &generator) }
            .sorted()
    }

    @Test(arguments: FileFormat.allCases)
    func `any bytes give the same rows however the file is cut`(format: FileFormat) async throws {
        try await Fuzz.run("\(format) in pieces", rounds: 2_000) { _, generator in
            let bytes = Self.bytes(&generator)
            var bounds = ReaderBounds()
            if Bool.random(using: &generator) {
                (bounds.valueBytesMax, bounds.rowBytesMax, bounds.columnsMax) = (6, 14, 4)
            }
            let reader = RowReader(format, bounds: bounds)
            let whole = Self.read(bytes, from: reader, cutAt: [])
            let cut = Self.cuts(bytes.count, &generator)
            let pieces = Self.read(bytes, from: reader, cutAt: cut)
            #expect(pieces.reading == whole.reading, "\(bytes) cut at \(cut)")
            // A header with a NUL can't be kept, and doesn't get so far: the encoding is looked at first.
            guard !bytes.contains(0), let stop = pieces.checkpoints.randomElement(using: &generator) else { return }
            let kept = try #require(ReaderCheckpoint(try JSONParser.parse(stop.json.utf8)))
            let rest = Self.read(Array(bytes[kept.offset...]), from: RowReader(kept, bounds: bounds), cutAt: [])
            #expect(rest.reading.rows == Array(whole.reading.rows.dropFirst(kept.rowCount)), "\(bytes) from \(stop)")
            #expect(rest.reading.lines == Array(whole.reading.lines.dropFirst(kept.rowCount)), "\(bytes) from \(stop)")
            #expect(rest.reading.fault == whole.reading.fault, "\(bytes) from \(stop)")
        }
    }

    @Test func `a table comes back as it was written, whatever its values are`() async throws {
        try await Fuzz.run("CSV round trip", rounds: 1_000) { _, generator in
            let delimiter = [",", ";", "\t"].randomElement(using: &generator) ?? ","
            let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
            let columns = Int.random(in: 2...5, using: &generator)
            let rows = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                (0..<columns).map { _ in Self.value(&generator) }
            }
            let header = (0..<columns).map { "column \($0)" }.joined(separator: delimiter)
            let lines = [header] + rows.map { $0.map(Self.written).joined(separator: delimiter) }
            let bytes = Array(lines.map { $0 + lineEnd }.joined().utf8)
            let read = Self.read(bytes, from: RowReader(.csv), cutAt: Self.cuts(bytes.count, &generator)).reading
            let texts = read.rows.map { content -> [String] in
                if case .cells(let row) = content { row.texts } else { [] }
            }
            #expect(texts == rows, "\(bytes)")
            #expect(read.fault == nil)
        }
    }

    private static func value(_ generator: inout SeededGenerator) -> String {
        let parts = ["a", "\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", " ", "é", "😀", "\u{301}", "\u{FEFF}", "="]
        return (0..<Int.random(in: 0...6, using: &generator))
            .map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
    }

    private static func written(_ value: String) -> String {
        // By scalars: a quote and an accent after it are one character.
        let doubled = value.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
        return "\"\(doubled)\""
    }

    @Test func `only UTF-8 is taken, and what it is instead is told alike however it is cut`()
        async throws
    {
        try await Fuzz.run("encodings", rounds: 2_000) { _, generator in
            let text = "name,city\r\n" + Self.value(&generator) + "\r\n"
            let (bytes, name) = Self.encoded(text, &generator)
            let whole = Self.encodingFault(bytes, cutAt: [])
            let cut = Self.cuts(bytes.count, &generator)
            #expect(Self.encodingFault(bytes, cutAt: cut) == whole, "\(bytes) cut at \(cut)")
            #expect((whole == nil) == (String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)))
            guard let name else { return }
            #expect(whole?.code == FileFault.encoding)
            #expect(whole?.detail.contains(name) == true, "\(bytes): \(whole?.detail ?? "taken")")
        }
    }

    /// The text in one of the encodings that files come in; nil as its name for UTF-8 and for broken bytes.
    private static func encoded(_ text: String, _ generator: inout SeededGenerator) -> ([UInt8], name: String?) {
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let big = units.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return ([0xFF, 0xFE] + little, "UTF-16 (little-endian)")
        case 1: return ([0xFE, 0xFF] + big, "UTF-16 (big-endian)")
        case 2: return (Array(text.utf8), nil)
        default: return (Mutation.of(Array(text.utf8), using: &generator), nil)
        }
    }

    private static func encodingFault(_ bytes: [UInt8], cutAt cuts: [Int]) -> FileFault? {
        var check = EncodingCheck()
        do throws(FileFault) {
            var start = 0
            for cut in cuts + [bytes.count] {
                try check.take(Array(bytes[start..<cut]))
                start = cut
            }
            try check.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [0, 1]) func `a value of a mebibyte is taken, one byte more is told`(more: Int) async throws {
        try await Fuzz.run("values of a mebibyte", rounds: 3) { _, generator in
            let value = Array(repeating: UInt8(ascii: "x"), count: ReaderBounds().valueBytesMax + more)
            let quote: [UInt8] = Bool.random(using: &generator) ? [UInt8(ascii: "\"")] : []
            let bytes = Array("a,b\n1,".utf8) + quote + value + quote + Array("\n2,3\n".utf8)
            let read = Self.read(bytes, from: RowReader(.csv), cutAt: Self.cuts(bytes.count, &generator)).reading
            #expect(read.rows.count == 2)
            switch read.rows.first {
            case .cells(let row): #expect(more == 0 && row.bytes.count == value.count + 1)
            case .flawed(let flaw): #expect(more == 1 && flaw.code == "value_too_long")
            default: Issue.record("no row")
            }
            #expect(read.lines == [2, 3])
        }
    }
}
