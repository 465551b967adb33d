/// Bytes as PostgreSQL writes and reads `bytea`: `\x` and two digits each.
enum ByteaText {
    private static let digits = Array("0123456789abcdef".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func text(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "x")]
        text.reserveCapacity(2 + bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Of PostgreSQL's own text: lower-case digits after `\x`.
    static func bytes(_ text: RawSpan) -> [UInt8] {
        let count = max(0, (text.byteCount - 2) / 2)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in 0..<count {
            // Sound: both digits are inside the span, whose count was looked at above.
            let high = unsafe text.unsafeLoad(fromUncheckedByteOffset: 2 + index * 2, as: UInt8.self)
            let low = unsafe text.unsafeLoad(fromUncheckedByteOffset: 3 + index * 2, as: UInt8.self)
            bytes.append(values[Int(high)] << 4 | values[Int(low)])
        }
        return bytes
    }
}
