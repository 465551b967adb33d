import HostModel

/// Names and literals inside SQL text. Both come from checked manifests only; values of requests are parameters.
enum SQLName {
    /// PostgreSQL cuts names after this many bytes without saying so, which would make two of them one.
    static let bytesMax = 63

    /// An identifier in double quotes.
    static func quoted(_ name: String) -> String { "\"" + doubling("\"", in: name) + "\"" }

    /// Identifiers in double quotes, with commas between them.
    static func list(_ names: [String]) -> String { names.map(quoted).joined(separator: ", ") }

    /// A string literal. A backslash is an ordinary character in it (`standard_conforming_strings`).
    static func literal(_ text: String) -> String { "'" + doubling("'", in: text) + "'" }

    /// String literals with commas between them.
    static func literals(_ texts: [String]) -> String { texts.map(literal).joined(separator: ", ") }

    /// The name itself, or, when it is too long, its start and a hash of all of it: always the same, still unique.
    static func fitted(_ name: String) -> String {
        guard name.utf8.count > bytesMax else { return name }
        let digest = String(FNV1a.hash(name), radix: 16)
        let hash = String(repeating: "0", count: 16 - digest.utf8.count) + digest
        return String(decoding: name.utf8.prefix(bytesMax - 17), as: UTF8.self) + "_" + hash
    }

    /// By scalars: a quote and a combining mark after it are one `Character`, which no comparison with `'` would find.
    private static func doubling(_ quote: Unicode.Scalar, in text: String) -> String {
        var doubled = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == quote { doubled.append(scalar) }
            doubled.append(scalar)
        }
        return String(doubled)
    }
}
