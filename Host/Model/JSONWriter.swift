extension JSONValue {
    /// The JSON text in UTF-8, without white space.
    package var utf8: [UInt8] {
        var text: [UInt8] = []
        write(into: &text)
        return text
    }

    /// The JSON text as a string, for SQL parameters.
    package var text: String { String(decoding: utf8, as: UTF8.self) }

    package func write(into text: inout [UInt8]) {
        switch self {
        case .null: text.append(contentsOf: "null".utf8)
        case .bool(let bool): text.append(contentsOf: (bool ? "true" : "false").utf8)
        case .int(let int): text.append(contentsOf: int.description.utf8)
        // JSON has no infinities; a double that isn't finite never comes from the parser.
        case .double(let double): text.append(contentsOf: (double.isFinite ? double.description : "null").utf8)
        case .string(let string): Self.write(string, into: &text)
        case .array(let array): Self.write(array, into: &text)
        case .object(let object): Self.write(object, into: &text)
        }
    }

    /// Appends a string with its quotes, escaping what RFC 8259 section 7 asks for.
    package static func write(_ string: String, into text: inout [UInt8]) {
        let hexadecimal = Array("0123456789abcdef".utf8)
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0x0A: text.append(contentsOf: "\\n".utf8)
            case 0x0D: text.append(contentsOf: "\\r".utf8)
            case 0x09: text.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                text.append(contentsOf: "\\u00".utf8)
                text += [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func write(_ array: [JSONValue], into text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        for (position, element) in array.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            element.write(into: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    private static func write(_ object: JSONObject, into text: inout [UInt8]) {
        text.append(UInt8(ascii: "{"))
        for (position, member) in object.members.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            write(member.name, into: &text)
            text.append(UInt8(ascii: ":"))
            member.value.write(into: &text)
        }
        text.append(UInt8(ascii: "}"))
    }
}
