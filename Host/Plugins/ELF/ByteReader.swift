/// Little-endian reads from untrusted bytes: every read outside them throws, none traps.
struct ByteReader: Sendable {
    let bytes: [UInt8]

    /// The unsigned integer at an offset.
    func integer<Number: FixedWidthInteger & UnsignedInteger>(
        at offset: UInt64, as type: Number.Type = Number.self
    ) throws(ELFError) -> Number {
        var number: Number = 0
        for byte in try slice(at: offset, count: UInt64(Number.bitWidth / 8)).reversed() {
            number = number << 8 | Number(byte)
        }
        return number
    }

    /// The bytes of a region.
    func slice(at offset: UInt64, count: UInt64) throws(ELFError) -> ArraySlice<UInt8> {
        let size = UInt64(bytes.count)
        guard offset <= size, count <= size - offset else {
            throw .damaged("it speaks of \(count) bytes at \(offset), and has \(size)")
        }
        return bytes[Int(offset)..<Int(offset + count)]
    }

    /// The text at an offset up to its zero byte, which must come before `end`.
    func text(at offset: UInt64, end: UInt64) throws(ELFError) -> String {
        guard offset < end else { throw .damaged("a name starts outside its table") }
        let region = try slice(at: offset, count: min(end - offset, Self.textBytesMax))
        guard let stop = region.firstIndex(of: 0) else { throw .damaged("a name has no end") }
        return String(decoding: region[..<stop], as: UTF8.self)
    }

    /// Swift's mangled names are long, but not this long.
    private static let textBytesMax: UInt64 = 65_536
}

/// Why bytes can't be read as a shared library.
enum ELFError: Error, Hashable {
    /// It is something else: no ELF file, another machine, not a shared object. The text says what it is.
    case foreign(String)
    /// It contradicts itself: an offset or a size leads outside the file.
    case damaged(String)
}
