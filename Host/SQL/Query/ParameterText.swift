import HostModel

extension ColumnType {
    /// The text of a filter's value as the column compares it; the value fits ``format``.
    func filterText(_ text: String) -> String {
        if case .int(let seconds) = form.stored(.string(text)) { return String(seconds) }
        return isLowercased ? text.lowercased() : text
    }

    /// A JSON value as the text of a parameter; nil (NULL) for null.
    func parameter(_ value: JSONValue) -> SQLParameter {
        switch form.stored(value) {
        case .null: nil
        case .string(let text): isLowercased ? text.lowercased() : text
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .array(let members) where comparing == .membership: ArrayText.literal(members.compactMap(\.string))
        case .double, .array, .object: value.text
        }
    }
}

/// PostgreSQL's text form of arrays.
enum ArrayText {
    /// `{"a","b"}`, every element quoted, so that no element can be taken for NULL or for two.
    static func literal(_ elements: [String]) -> String {
        "{" + elements.map { "\"" + Backslashed.text($0, before: ["\"", "\\"]) + "\"" }.joined(separator: ",") + "}"
    }
}

/// What texts are compared with when it is about their characters.
enum PatternText {
    /// The first text, in the order of bytes, behind all that begin with the prefix.
    ///
    /// A range and not LIKE: its comparisons are leakproof, so that row-level security lets an index serve them.
    /// U+10FFFF is no character, so no text that people write begins with the prefix and it.
    static func end(ofPrefix prefix: String) -> String { prefix + "\u{10FFFF}" }

    /// Finds the words anywhere; wildcards among them are ordinary characters.
    static func containing(_ words: String) -> String {
        "%" + Backslashed.text(words, before: ["%", "_", "\\"]) + "%"
    }
}

/// Text with a backslash before some characters.
private enum Backslashed {
    /// By scalars: a quote and a combining mark after it are one `Character`.
    static func text(_ text: String, before special: Set<Unicode.Scalar>) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if special.contains(scalar) { scalars.append("\\") }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
