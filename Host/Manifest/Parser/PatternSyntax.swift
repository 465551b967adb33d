/// The regular expressions that a field may use: those that mean the same to ICU, which checks inputs, to PostgreSQL,
/// which checks rows, and to ECMAScript, which readers of the OpenAPI document use.
///
/// Characters, classes, groups, alternatives and counts. `\d`, `\w` and `\s` are written out in ASCII, because each
/// engine has its own idea of them beyond it.
struct PatternSyntax {
    /// Where a pattern leaves the common ground.
    struct Flaw: Error, Hashable {
        /// What stands there, and what to write instead.
        let message: String
    }

    /// PostgreSQL counts no further.
    private static let countMax = 255
    private static let expansions: [Character: String] = ["d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f"]
    private static let controls: Set<Character> = ["t", "n", "r", "f"]

    private var rest: Substring
    private var written = ""
    private var depth = 0
    /// Whether a count can follow.
    private var hasAtom = false

    private init(_ pattern: String) {
        rest = pattern[...]
    }

    /// The pattern with its short forms written out.
    static func normalised(_ pattern: String) throws(Flaw) -> String {
        var syntax = PatternSyntax(pattern)
        while let character = syntax.rest.popFirst() { try syntax.take(character) }
        guard syntax.depth == 0 else { throw Flaw(message: "a `(` is never closed") }
        return syntax.written
    }

    private mutating func take(_ character: Character) throws(Flaw) {
        switch character {
        case "\\": try escape(inClass: false)
        case "[": try characterClass()
        case "(": try group()
        case ")":
            guard depth > 0 else { throw Flaw(message: "a `)` has no `(`; write `\\)` for the character") }
            depth -= 1
            append(")", isAtom: true)
        case "|": append("|", isAtom: false)
        case "*", "+", "?": try count(String(character))
        case "{": try count(bounds())
        case "^", "$": throw Flaw(message: "`\(character)` isn't needed: a pattern is over the whole text")
        case "]", "}": throw Flaw(message: "`\(character)` stands alone; write `\\\(character)` for the character")
        default: append(String(character), isAtom: true)
        }
    }

    private mutating func append(_ text: String, isAtom: Bool) {
        written += text
        hasAtom = isAtom
    }

    private mutating func group() throws(Flaw) {
        depth += 1
        guard rest.first == "?" else { return append("(", isAtom: false) }
        guard rest.hasPrefix("?:") else {
            throw Flaw(message: "`(\(rest.prefix(3))` isn't the same to every engine; groups are `(…)` and `(?:…)`")
        }
        rest = rest.dropFirst(2)
        append("(?:", isAtom: false)
    }

    private mutating func count(_ text: String) throws(Flaw) {
        guard hasAtom else { throw Flaw(message: "`\(text)` counts nothing; write `\\\(text)` for the character") }
        append(text, isAtom: false)
    }

    /// What stands behind a `{`: `2}`, `2,}` or `2,4}`.
    private mutating func bounds() throws(Flaw) -> String {
        let text = rest.prefix { $0 != "}" }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let isOpen = numbers.count == 2 && text.last == ","
        let given = numbers.compactMap { $0 }
        guard text.endIndex < rest.endIndex, (1...2).contains(numbers.count), given.count == numbers.count || isOpen,
            let low = given.first, given.allSatisfy({ (0...Self.countMax).contains($0) }), low <= given.last ?? low
        else {
            throw Flaw(message: "`{\(text.prefix(12))` is no count; write `{2}`, `{2,}` or `{2,4}`, 255 at most")
        }
        rest = rest[text.endIndex...].dropFirst()
        return "{\(text)}"
    }

    private mutating func characterClass() throws(Flaw) {
        append("[", isAtom: true)
        if rest.first == "^" { written.append(rest.removeFirst()) }
        guard rest.first != "]" else { throw Flaw(message: "a class is empty; write `\\]` for the character") }
        while let character = rest.popFirst() {
            switch character {
            case "]": return written.append("]")
            case "\\": try escape(inClass: true)
            case "[":
                throw Flaw(message: "`[` in a class isn't the same to every engine; write `\\[`")
            case _ where "&~-".contains(character) && rest.first == character:
                throw Flaw(
                    message: "`\(character)\(character)` in a class isn't the same to every engine; "
                        + "write `\\\(character)`")
            default: written.append(character)
            }
        }
        throw Flaw(message: "a `[` is never closed")
    }

    private mutating func escape(inClass: Bool) throws(Flaw) {
        guard let character = rest.popFirst() else { throw Flaw(message: "a `\\` ends the pattern") }
        if let expansion = Self.expansions[character] {
            return append(inClass ? expansion : "[\(expansion)]", isAtom: true)
        }
        if !inClass, let opposite = Self.expansions[Character(character.lowercased())], character.isUppercase {
            return append("[^\(opposite)]", isAtom: true)
        }
        let isSymbol = character.isASCII && (character.isPunctuation || character.isSymbol || character == " ")
        guard isSymbol || Self.controls.contains(character) else {
            throw Flaw(message: "`\\\(character)` isn't the same to every engine")
        }
        append("\\\(character)", isAtom: true)
    }
}
