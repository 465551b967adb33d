/// A place in a JSON document (RFC 6901): `/lines/0/qty_milli`.
struct JSONPointer: Hashable, Sendable {
    let text: String

    /// The whole document.
    static let root = JSONPointer(text: "")

    /// The member of that name; its `~` and `/` are escaped.
    func appending(_ name: String) -> JSONPointer {
        // Names of fields have neither, and a place is made for each value that is checked.
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return JSONPointer(text: text + "/" + name)
        }
        // By scalars: a slash and a combining mark after it are one `Character`.
        var escaped = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": escaped.append(contentsOf: "~0".unicodeScalars)
            case "/": escaped.append(contentsOf: "~1".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return JSONPointer(text: text + "/" + String(escaped))
    }

    func appending(_ index: Int) -> JSONPointer {
        JSONPointer(text: "\(text)/\(index)")
    }
}
