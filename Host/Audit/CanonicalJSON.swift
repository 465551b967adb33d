package import HostModel

/// The one spelling of a JSON value (RFC 8785, JCS): members sorted, no white space, numbers as ECMAScript prints them.
///
/// Integers of more than 53 bits are written in full: RFC 8785 takes every number for a double and would round them,
/// which an amount of money must not be.
package enum CanonicalJSON {
    /// The canonical text in UTF-8.
    package static func encode(_ value: JSONValue) -> [UInt8] {
        var text: [UInt8] = []
        write(value, into: &text)
        return text
    }

    private static func write(_ value: JSONValue, into text: inout [UInt8]) {
        switch value {
        case .null: text += "null".utf8
        case .bool(let bool): text += (bool ? "true" : "false").utf8
        case .int(let int): text += int.description.utf8
        case .double(let double): text += ECMAScriptNumber.text(of: double).utf8
        case .string(let string): write(string, into: &text)
        case .array(let array): write(array, into: &text)
        case .object(let object): write(object, into: &text)
        }
    }

    private static func write(_ array: [JSONValue], into text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        for (position, element) in array.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            write(element, into: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    /// Members by the UTF-16 units of their names (section 3.2.3), which differs from the order of UTF-8 above U+FFFF.
    private static func write(_ object: JSONObject, into text: inout [UInt8]) {
        let members = object.members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
        text.append(UInt8(ascii: "{"))
        for (position, member) in members.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            write(member.name, into: &text)
            text.append(UInt8(ascii: ":"))
            write(member.value, into: &text)
        }
        text.append(UInt8(ascii: "}"))
    }

    /// Escapes as section 3.2.2.2 asks: the two-letter forms where there is one, `\u00xx` in lower case elsewhere.
    private static func write(_ string: String, into text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case 0x08: text += "\\b".utf8
            case 0x09: text += "\\t".utf8
            case 0x0A: text += "\\n".utf8
            case 0x0C: text += "\\f".utf8
            case 0x0D: text += "\\r".utf8
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: text += ("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
