/// Reads JSON strictly: RFC 8259, UTF-8 only, no duplicate names, bounded depth, integers of at most 64 bits exact.
///
/// Foundation's parser takes duplicate names and 512 levels, so it can't be the gate.
package struct JSONParser {
    /// What is wrong, and at which byte.
    package struct Failure: Error, Hashable, Sendable {
        package enum Reason: String, Hashable, Sendable {
            case syntax, duplicateName, tooDeep, notUTF8, numberOutOfRange
        }
        package let reason: Reason
        /// Zero-based position in the text.
        package let offset: Int
    }

    /// How deep arrays and objects may nest.
    package static let depthMax = 64

    private let text: [UInt8]
    private var position = 0

    /// Parses a whole text.
    package static func parse(_ text: [UInt8], depthMax: Int = depthMax) throws(Failure) -> JSONValue {
        var parser = JSONParser(text: text)
        parser.skipSpace()
        let value = try parser.value(depthLeft: depthMax)
        parser.skipSpace()
        guard parser.position == text.count else { throw parser.failure(.syntax) }
        return value
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private func failure(_ reason: Failure.Reason) -> Failure { Failure(reason: reason, offset: position) }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depthLeft: Int) throws(Failure) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return try object(depthLeft: depthLeft)
        case UInt8(ascii: "["): return try array(depthLeft: depthLeft)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let expected = Array(word.description.utf8)
        guard text.count - position >= expected.count, Array(text[position..<position + expected.count]) == expected
        else { throw failure(.syntax) }
        position += expected.count
        return value
    }

    private mutating func object(depthLeft: Int) throws(Failure) -> JSONValue {
        guard depthLeft > 0 else { throw failure(.tooDeep) }
        position += 1
        var object = JSONObject()
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(object) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure(.syntax) }
            let start = position
            let name = try string()
            guard object[name] == nil else { throw Failure(reason: .duplicateName, offset: start) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure(.syntax) }
            skipSpace()
            object[name] = try value(depthLeft: depthLeft - 1)
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(object) }
            guard take(UInt8(ascii: ",")) else { throw failure(.syntax) }
        }
    }

    private mutating func array(depthLeft: Int) throws(Failure) -> JSONValue {
        guard depthLeft > 0 else { throw failure(.tooDeep) }
        position += 1
        var array: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(array) }
        while true {
            skipSpace()
            array.append(try value(depthLeft: depthLeft - 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(array) }
            guard take(UInt8(ascii: ",")) else { throw failure(.syntax) }
        }
    }

    private mutating func string() throws(Failure) -> String {
        position += 1
        var bytes: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: bytes, as: UTF8.self) else { throw failure(.notUTF8) }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &bytes)
            case 0..<0x20: throw failure(.syntax)
            default:
                bytes.append(byte)
                position += 1
            }
        }
        throw failure(.syntax)
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(Failure) {
        guard let byte = next else { throw failure(.syntax) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: String(Character(try unicodeScalar())).utf8)
        default: throw failure(.syntax)
        }
    }

    /// The scalar of `\uXXXX`, or of a surrogate pair. PostgreSQL stores no U+0000, so it is refused here.
    private mutating func unicodeScalar() throws(Failure) -> Unicode.Scalar {
        let first = try fourDigits()
        guard first != 0 else { throw failure(.syntax) }
        guard (0xD800..<0xDC00).contains(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw failure(.notUTF8) }
            return scalar
        }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure(.notUTF8) }
        let second = try fourDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure(.notUTF8) }
        return scalar
    }

    private mutating func fourDigits() throws(Failure) -> UInt32 {
        guard text.count - position >= 4 else { throw failure(.syntax) }
        var number: UInt32 = 0
        for byte in text[position..<position + 4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte - 0x30)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt32(byte - 0x61 + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt32(byte - 0x41 + 10)
            default: throw failure(.syntax)
            }
        }
        position += 4
        return number
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leading = position
        try digits()
        guard position - leading == 1 || text[leading] != UInt8(ascii: "0") else { throw failure(.syntax) }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let literal = String(decoding: text[start..<position], as: UTF8.self)
        if isInteger {
            guard let int = Int64(literal) else { throw Failure(reason: .numberOutOfRange, offset: start) }
            return .int(int)
        }
        guard let double = Double(literal), double.isFinite else {
            throw Failure(reason: .numberOutOfRange, offset: start)
        }
        return .double(double)
    }

    private mutating func digits() throws(Failure) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw failure(.syntax) }
    }
}
