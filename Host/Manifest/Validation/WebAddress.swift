/// The form of a `url`: `https://example.com/a?b#c`.
///
/// Narrower than RFC 3986 where the difference helps attackers only: no user name in front of the host, no white space
/// or control characters, ASCII alone (others are percent-encoded, hosts in Punycode).
enum WebAddress {
    static let bytesMax = 2_048

    static func check(_ text: String) throws(Breach) {
        guard text.utf8.count <= bytesMax else { throw .max("\(bytesMax) bytes") }
        guard isValid(Array(text.utf8)) else {
            throw .format("a web address such as https://example.com/path, in ASCII and without a user name")
        }
    }

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) && !refused.contains($0) }) else { return false }
        let scheme = ["https://", "http://"].first { Self.lowercased(bytes.prefix($0.utf8.count)) == Array($0.utf8) }
        guard let scheme else { return false }
        let authority = bytes.dropFirst(scheme.utf8.count).prefix { !ends.contains($0) }
        return isHost(authority)
    }

    /// A name or an address, and a port or none.
    private static func isHost(_ authority: ArraySlice<UInt8>) -> Bool {
        var host = authority
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let inside = authority[authority.startIndex + 1..<end]
            host = authority[end...].dropFirst()
            guard inside.count >= 2, inside.allSatisfy({ isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return false
            }
        } else {
            let name = authority.prefix { $0 != UInt8(ascii: ":") }
            host = authority.dropFirst(name.count)
            guard isName(name) else { return false }
        }
        guard !host.isEmpty else { return true }
        let port = host.dropFirst()
        guard host.first == UInt8(ascii: ":"), (1...5).contains(port.count), port.allSatisfy(isDigit) else {
            return false
        }
        return (1...65_535).contains(port.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }

    /// Labels of letters, digits and inner hyphens, 63 bytes each and 253 in all.
    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return name.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                    && label.allSatisfy { isDigit($0) || isLetter($0) || $0 == 0x2D || $0 == 0x5F }
            }
    }

    private static let ends = Array("/?#".utf8)
    private static let refused = Array("\"<>\\^`{|}".utf8)

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
}
