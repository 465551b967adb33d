/// The head of one file in a tar archive (POSIX.1-1988, "ustar"): plain files with short names only.
struct TarHeader: Hashable {
    static let blockBytes = 512
    /// Two empty blocks end an archive.
    static let end = [UInt8](repeating: 0, count: 2 * blockBytes)

    /// At most 100 bytes.
    let name: String
    let size: Int

    init(name: String, size: Int) {
        precondition((1...100).contains(name.utf8.count), "a name in an archive has 1 to 100 bytes")
        self.name = name
        self.size = size
    }

    /// Bytes between the content and the next block.
    var padding: Int { (Self.blockBytes - size % Self.blockBytes) % Self.blockBytes }

    var bytes: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockBytes)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(size, digits: 11), at: 124)
        // The same bundle is the same bytes whenever it is made.
        put(Self.octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(Self.octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return block
    }

    /// Nil for what isn't the head of a plain file, or was altered.
    init?(parsing block: [UInt8]) {
        guard block.count == Self.blockBytes, block[257..<262].elementsEqual("ustar".utf8), block[156] == 0x30,
            let size = Self.number(block[124..<136]), let sum = Self.number(block[148..<156])
        else { return nil }
        let others = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        let name = block.prefix(100).prefix { $0 != 0 }
        guard others == sum, !name.isEmpty, let text = String(validating: name, as: UTF8.self) else { return nil }
        self.name = text
        self.size = size
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
