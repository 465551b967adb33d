import Foundation

/// The pattern of a text field, ready to be matched against whole texts.
///
/// `Regex` of the standard library isn't `Sendable`, and the rules are shared by all event loops; Foundation's
/// expression is immutable and safe to share.
struct CompiledPattern: Sendable {
    private let source: String
    private let expression: NSRegularExpression?

    /// A pattern that doesn't compile matches nothing; the manifest's parser refuses it before.
    init(_ source: String) {
        self.source = source
        expression = Self.expression(source)
    }

    /// Whether a pattern can be used in a field.
    static func compiles(_ source: String) -> Bool { expression(source) != nil }

    /// - Throws: `pattern` unless the whole text matches.
    func check(_ text: String) throws(Breach) {
        let whole = NSRange(text.startIndex..., in: text)
        guard expression?.firstMatch(in: text, range: whole) != nil else { throw .pattern(source) }
    }

    /// `\z` and not `$`, which would let a line break follow.
    private static func expression(_ source: String) -> NSRegularExpression? {
        // The error says nothing beyond its position in a text that we wrapped; the pattern itself is in the message.
        try? NSRegularExpression(pattern: "\\A(?:\(source))\\z")
    }
}
