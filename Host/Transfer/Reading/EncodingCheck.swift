/// Refuses files that aren't UTF-8, and says what they probably are.
///
/// Excel's "Unicode text" is UTF-16, its plain CSV is Windows-1252: read as UTF-8 they would lose names without a word.
package struct EncodingCheck: Sendable {
    /// How many bytes are looked at to tell UTF-16 without a mark from UTF-8.
    private static let headBytes = 512

    private var utf8 = UTF8Check()
    private var head: [UInt8] = []
    private var isHeadKnown = false

    package init() {}

    /// Takes the next piece of the file.
    ///
    /// - Throws: `encoding`, naming encoding and byte offset.
    package mutating func take(_ bytes: [UInt8]) throws(FileFault) {
        guard !isHeadKnown else { return try check(bytes) }
        head += bytes
        if head.count >= Self.headBytes { try lookAtHead() }
    }

    /// Call after the last piece.
    ///
    /// - Throws: `encoding` for a text that ends inside a character.
    package mutating func finish() throws(FileFault) {
        try lookAtHead()
        guard utf8.isComplete else {
            throw FileFault(
                FileFault.encoding, "The file ends inside a UTF-8 character, at byte \(utf8.offset): it was cut off.",
                offset: utf8.offset)
        }
    }

    private mutating func lookAtHead() throws(FileFault) {
        guard !isHeadKnown else { return }
        isHeadKnown = true
        if let name = Self.otherEncoding(Array(head.prefix(Self.headBytes))) {
            throw FileFault(
                FileFault.encoding, "The file is \(name.encoding) (seen at byte \(name.offset)); save it as UTF-8.",
                offset: name.offset)
        }
        try check(head)
        head = []
    }

    private mutating func check(_ bytes: [UInt8]) throws(FileFault) {
        if let bad = utf8.take(bytes) { throw Self.fault(bad) }
    }

    private static func fault(_ bad: (offset: Int, byte: UInt8)) -> FileFault {
        guard bad.byte != 0 else {
            return FileFault(
                FileFault.encoding,
                "The file has a NUL at byte \(bad.offset), which no text has: it isn't UTF-8 text.",
                offset: bad.offset)
        }
        let digits = String(bad.byte, radix: 16, uppercase: true)
        return FileFault(
            FileFault.encoding,
            "The file isn't UTF-8: the byte 0x\(digits) at offset \(bad.offset) doesn't belong there. "
                + "It is probably Windows-1252 or ISO 8859-1; save it as UTF-8.",
            offset: bad.offset)
    }

    /// By its mark (Unicode 16, section 23.8), or by where the NULs of plain letters are.
    private static func otherEncoding(_ head: [UInt8]) -> (encoding: String, offset: Int)? {
        let marks: [([UInt8], String)] = [
            ([0xFF, 0xFE, 0, 0], "UTF-32 (little-endian)"), ([0, 0, 0xFE, 0xFF], "UTF-32 (big-endian)"),
            ([0xFF, 0xFE], "UTF-16 (little-endian)"), ([0xFE, 0xFF], "UTF-16 (big-endian)"),
        ]
        for (mark, name) in marks where head.starts(with: mark) { return (name, 0) }
        guard let first = head.firstIndex(of: 0), head.count >= 4 else { return nil }
        var nulls = [0, 0, 0, 0]
        for (index, byte) in head.enumerated() where byte == 0 { nulls[index % 4] += 1 }
        let many = head.count / 8
        switch nulls.map({ $0 > many }) {
        case [false, true, true, true]: return ("UTF-32 (little-endian)", first)
        case [true, true, true, false]: return ("UTF-32 (big-endian)", first)
        case [false, true, false, true]: return ("UTF-16 (little-endian)", first)
        case [true, false, true, false]: return ("UTF-16 (big-endian)", first)
        default: return nil
        }
    }
}
