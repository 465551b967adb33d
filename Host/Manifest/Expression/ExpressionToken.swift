/// A word, a number, a text or a sign of an expression, with its place in it.
struct ExpressionToken: Hashable {
    enum Content: Hashable {
        /// A keyword or a field's name.
        case word(String)
        case integer(Int64)
        case text(String)
        /// `<= <> ( ) + …`
        case sign(String)
        case end
    }

    let content: Content
    /// As written.
    let text: String
    /// How many Unicode scalars stand before it.
    let offset: Int

    func `is`(_ text: String) -> Bool {
        switch content {
        case .word(let word): word == text
        case .sign(let sign): sign == text
        case .integer, .text, .end: false
        }
    }

    /// For messages.
    var quoted: String { content == .end ? "the end" : "`\(text)`" }
}

/// What is wrong with an expression, and where in its text.
struct ExpressionFault: Error, Hashable {
    let offset: Int
    let rule: ManifestRule
    let message: String
    let suggestion: String?

    init(_ offset: Int, _ message: String, rule: ManifestRule = .check, suggestion: String? = nil) {
        self.offset = offset
        self.rule = rule
        self.message = message
        self.suggestion = suggestion
    }

    init(_ token: ExpressionToken, _ message: String, suggestion: String? = nil) {
        self.init(token.offset, message, suggestion: suggestion)
    }
}

/// Cuts the text of an expression into tokens.
struct ExpressionLexer {
    private let scalars: [Unicode.Scalar]
    private var next = 0

    /// Two characters before one, so that `<=` isn't read as `<`.
    private static let signs = ["<=", "<>", ">=", "<", ">", "=", "+", "-", "*", "(", ")", ","]
    /// What people write who come from other languages.
    private static let foreign = ["!=": "<>", "==": "=", "&&": "and", "||": "or", "!": "not", "\"": "'"]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// Every token, the end as the last one.
    static func tokens(of text: String) throws(ExpressionFault) -> [ExpressionToken] {
        var lexer = ExpressionLexer(text)
        var tokens: [ExpressionToken] = []
        repeat { tokens.append(try lexer.token()) } while tokens.last?.content != .end
        return tokens
    }

    private mutating func token() throws(ExpressionFault) -> ExpressionToken {
        while next < scalars.count, scalars[next] == " " || scalars[next] == "\n" || scalars[next] == "\t" { next += 1 }
        guard next < scalars.count else { return ExpressionToken(content: .end, text: "", offset: next) }
        if scalars[next] == "'" { return try quoted() }
        if Self.isDigit(scalars[next]) { return try integer() }
        if Self.isLetter(scalars[next]) { return word() }
        if let written = starting(Self.foreign.keys.sorted { $0.count > $1.count }) {
            throw ExpressionFault(
                next, "`\(written)` is not known here", suggestion: Self.foreign[written].map { "write `\($0)`" })
        }
        guard let sign = starting(Self.signs) else {
            throw ExpressionFault(next, "`\(scalars[next])` can't stand in an expression")
        }
        return taken(.sign(sign), upTo: next + sign.unicodeScalars.count)
    }

    private func starting(_ texts: [String]) -> String? {
        texts.first { scalars[next...].starts(with: $0.unicodeScalars) }
    }

    private mutating func word() -> ExpressionToken {
        let end = scalars[next...].firstIndex { !Self.isLetter($0) && !Self.isDigit($0) } ?? scalars.count
        return taken(.word(text(next..<end)), upTo: end)
    }

    private mutating func integer() throws(ExpressionFault) -> ExpressionToken {
        let end = scalars[next...].firstIndex { !Self.isLetter($0) && !Self.isDigit($0) && $0 != "." } ?? scalars.count
        guard let number = Int64(text(next..<end)) else {
            throw ExpressionFault(next, "`\(text(next..<end))` is no whole number of 64 bits")
        }
        return taken(.integer(number), upTo: end)
    }

    /// `'it''s'`
    private mutating func quoted() throws(ExpressionFault) -> ExpressionToken {
        var value = String.UnicodeScalarView()
        var index = next + 1
        while index < scalars.count {
            guard scalars[index] == "'" else {
                if scalars[index].value == 0 { throw ExpressionFault(index, "a text can't have the character U+0000") }
                value.append(scalars[index])
                index += 1
                continue
            }
            guard index + 1 < scalars.count, scalars[index + 1] == "'" else {
                return taken(.text(String(value)), upTo: index + 1)
            }
            value.append("'")
            index += 2
        }
        throw ExpressionFault(next, "the text that begins here has no closing `'`")
    }

    private mutating func taken(_ content: ExpressionToken.Content, upTo end: Int) -> ExpressionToken {
        defer { next = end }
        return ExpressionToken(content: content, text: text(next..<end), offset: next)
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}
