import HostModel

/// The part of a target after `?`, as names and values.
enum QueryString {
    static let parametersMax = 50

    /// Percent-encoding is undone and `+` is a space, as forms send it (WHATWG URL section 5.1).
    ///
    /// - Throws: `malformed_request` for a broken escape, text that isn't UTF-8 or has U+0000, which PostgreSQL's texts
    ///   can't have, or too many parameters.
    static func parameters(_ query: Substring) throws(Problem) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let value = parts.count == 2 ? decoded(parts[1]) : "" else {
                throw Problem(.malformedRequest, "A query parameter is not percent-encoded UTF-8 without U+0000.")
            }
            guard parameters.count < parametersMax else {
                throw Problem(.malformedRequest, "There can be at most \(parametersMax) query parameters.")
            }
            parameters.append((name, value))
        }
        return parameters
    }

    /// A segment of a path; `+` is itself there. Nil for a broken escape and for text that isn't UTF-8 or has U+0000.
    static func percentDecoded(_ segment: String) -> String? { decoded(segment[...], plus: UInt8(ascii: "+")) }

    private static func decoded(_ text: Substring, plus: UInt8 = 0x20) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(plus)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
