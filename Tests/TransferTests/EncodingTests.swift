import HostTransfer
import Testing

struct EncodingTests {
    static let refused: [(String, [UInt8], Int)] = [
        ("UTF-16 (little-endian)", [0xFF, 0xFE, 0x61, 0x00, 0x2C, 0x00], 0),
        ("UTF-16 (big-endian)", [0xFE, 0xFF, 0x00, 0x61], 0),
        ("UTF-32 (little-endian)", [0xFF, 0xFE, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00], 0),
        ("UTF-32 (big-endian)", [0x00, 0x00, 0xFE, 0xFF, 0x00, 0x00, 0x00, 0x61], 0),
        ("UTF-16 (little-endian)", Array("name,city\n".utf8).flatMap { [$0, 0] }, 1),
        ("UTF-16 (big-endian)", Array("name,city\n".utf8).flatMap { [0, $0] }, 0),
        ("UTF-32 (little-endian)", Array("name,city\n".utf8).flatMap { [$0, 0, 0, 0] }, 1),
        ("Windows-1252", Array("name\nZo".utf8) + [0xEB, 0x0A], 7),
        ("NUL", Array("name\na".utf8) + [0x00] + Array("b\n".utf8), 6),
        ("0xC0", [0x61, 0xC0, 0x80], 1),
        ("0xED", [0x61, 0xED, 0xA0, 0x80], 1),
        ("0xF4", [0xF4, 0x90, 0x80, 0x80], 0),
    ]

    @Test(arguments: refused)
    func `other encodings are refused with their name and the byte`(name: String, bytes: [UInt8], offset: Int) throws {
        for pieces in [1, 3, bytes.count] {
            #expect {
                try check(bytes, pieces: pieces)
            } throws: { error in
                guard let fault = error as? FileFault else { return false }
                return fault.code == FileFault.encoding && fault.detail.contains(name) && fault.offset == offset
            }
        }
    }

    @Test func `UTF-8 of every length is taken, in pieces of any size`() throws {
        let text = "\u{FEFF}plain, ümlaut, \u{7FF}\u{800}\u{FFFF}, 😀\u{10FFFF}\n" + String(repeating: "x", count: 600)
        for pieces in [1, 2, 3, 5, 1_000] { try check(Array(text.utf8), pieces: pieces) }
    }

    @Test func `a file that was cut inside a character is refused`() throws {
        #expect(throws: FileFault.self) { try check(Array("é".utf8.dropLast()), pieces: 1) }
    }

    private func check(_ bytes: [UInt8], pieces: Int) throws {
        var check = EncodingCheck()
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try check.take(Array(bytes[start..<min(start + pieces, bytes.count)]))
        }
        try check.finish()
    }
}
