/// Checks that bytes are UTF-8 (RFC 3629), in pieces of any size, in constant memory.
package struct UTF8Check: Sendable {
    /// Bytes taken so far.
    private(set) var offset = 0
    /// How many bytes the character that was begun still needs.
    private var missing = 0
    /// Where that character began, and its first byte.
    private var begun: (offset: Int, byte: UInt8) = (0, 0)
    /// What the next of them may be: shorter than 0x80...0xBF after E0, ED, F0 and F4.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    package init() {}

    /// Takes the next piece.
    ///
    /// - Returns: The offset in the whole text of the first byte that doesn't begin a character, or of a NUL, and that
    ///   byte.
    package mutating func take(_ bytes: [UInt8]) -> (offset: Int, byte: UInt8)? {
        let span = bytes.span
        var index = 0
        while index < span.count {
            if missing == 0 { index = Self.skipASCII(span, from: index) }
            guard index < span.count else { break }
            if missing == 0 { begun = (offset + index, span[index]) }
            guard accept(span[index]) else { return begun }
            index += 1
        }
        offset += span.count
        return nil
    }

    /// Whether the text may end here.
    package var isComplete: Bool { missing == 0 }

    /// The first byte that needs a closer look: not ASCII, or NUL.
    private static func skipASCII(_ span: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index + 8 <= span.count {
            // Sound: eight bytes from here are inside the span.
            let word = unsafe span.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            // No byte has its high bit set, and none is zero.
            guard word & 0x8080_8080_8080_8080 == 0,
                (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 == 0
            else { break }
            index += 8
        }
        while index < span.count, span[index] < 0x80, span[index] != 0 { index += 1 }
        return index
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        guard missing == 0 else { return acceptContinuation(byte) }
        (low, high) = (0x80, 0xBF)
        switch byte {
        case 0x01..<0x80: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF4: (missing, high) = (3, 0x8F)
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }

    private mutating func acceptContinuation(_ byte: UInt8) -> Bool {
        guard byte >= low, byte <= high else { return false }
        missing -= 1
        (low, high) = (0x80, 0xBF)
        return true
    }
}
