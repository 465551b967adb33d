import HostModel

/// What may stand where in an expression: like is compared with like, and texts with the values that a field can have.
struct ExpressionRules {
    let columns: ExpressionColumns

    typealias Term = CheckExpression.Term

    private static let keywords = ["and", "or", "not", "in", "is", "null", "length"]

    /// A field's name, `true` or `false`.
    func word(_ word: String, at token: ExpressionToken) throws(ExpressionFault) -> Term {
        if word == "true" || word == "false" { return .bool(word == "true") }
        if let column = columns[word] { return .column(column.name, column.kind) }
        if word == "null" {
            throw ExpressionFault(token, "nothing equals `null`", suggestion: "write `is null` or `is not null`")
        }
        if Self.keywords.contains(word) {
            throw ExpressionFault(token, "a field, a number, a text or `(` belongs here, not `\(word)`")
        }
        let nearest = NearestName.nearest(to: word, among: columns.names)
        throw ExpressionFault(
            token.offset, "the field `\(word)` is not known", rule: .unknownField,
            suggestion: nearest.map { "did you mean `\($0)`?" })
    }

    func condition(_ term: Term, at token: ExpressionToken) throws(ExpressionFault) -> Term {
        guard term.kind == .bool else {
            throw ExpressionFault(
                token, "a condition belongs here, but this is \(Self.words(term.kind))",
                suggestion: "compare it with something")
        }
        return term
    }

    func length(_ term: Term, at token: ExpressionToken) throws(ExpressionFault) -> Term {
        guard term.kind == .text else {
            throw ExpressionFault(token, "only a text has a length, but this is \(Self.words(term.kind))")
        }
        return .length(term)
    }

    func calculation(
        _ left: Term, _ leftToken: ExpressionToken, _ sign: CheckExpression.Calculation, _ right: Term,
        _ rightToken: ExpressionToken
    ) throws(ExpressionFault) -> Term {
        for (term, token) in [(left, leftToken), (right, rightToken)] where term.kind != .number {
            throw ExpressionFault(
                token, "`\(sign.rawValue)` takes numbers, but this is \(Self.words(term.kind))",
                suggestion: term.kind == .timestamp || term.kind == .date ? "compare them as they are" : nil)
        }
        // Known already, so done already: PostgreSQL would find an overflow only at the first record.
        guard case .integer(let left) = left, case .integer(let right) = right else {
            return .calculation(left, sign, right)
        }
        guard let result = try? CheckExpression.calculate(left, sign, right) else {
            throw ExpressionFault(leftToken, "the result is no whole number of 64 bits")
        }
        return .integer(result)
    }

    func comparison(
        _ left: Term, _ leftToken: ExpressionToken, _ sign: CheckExpression.Comparison, _ signToken: ExpressionToken,
        _ right: Term, _ rightToken: ExpressionToken
    ) throws(ExpressionFault) -> Term {
        let first = try fitted(left, leftToken, to: right)
        let second = try fitted(right, rightToken, to: first)
        try checkLikeness(first, leftToken, second, rightToken)
        let isOrdered = sign != .equal && sign != .notEqual
        if isOrdered, ![.number, .timestamp, .date].contains(first.kind) {
            throw ExpressionFault(
                signToken, "`\(sign.rawValue)` compares numbers, timestamps and dates, not \(Self.words(first.kind))",
                suggestion: "use `=` or `<>`")
        }
        return .comparison(first, sign, second)
    }

    /// A value of the list of `in`.
    func member(
        _ term: Term, _ token: ExpressionToken, of left: Term, _ leftToken: ExpressionToken
    ) throws(ExpressionFault) -> Term {
        let fitted = try fitted(term, token, to: left)
        try checkLikeness(left, leftToken, fitted, token)
        return fitted
    }

    private func checkLikeness(
        _ left: Term, _ leftToken: ExpressionToken, _ right: Term, _ rightToken: ExpressionToken
    ) throws(ExpressionFault) {
        for (term, token) in [(left, leftToken), (right, rightToken)] where term.kind == .opaque {
            throw ExpressionFault(
                token, "`\(token.text)` can't be compared",
                suggestion: "only `is null` and `is not null` are known of it")
        }
        guard left.kind != right.kind else { return }
        throw ExpressionFault(
            rightToken,
            "\(Self.words(right.kind)) can't be compared with \(Self.words(left.kind))")
    }

    /// A text in the form of what it is compared with.
    private func fitted(_ term: Term, _ token: ExpressionToken, to other: Term) throws(ExpressionFault) -> Term {
        guard case .text(let text, .text) = term else { return term }
        switch other.kind {
        case .text:
            if case .column(let name, _) = other, let words = columns.words(of: name), !words.contains(text) {
                let nearest = NearestName.nearest(to: text, among: words)
                throw ExpressionFault(
                    token, "`\(name)` is never '\(text)'; it is one of \(words.joined(separator: ", "))",
                    suggestion: nearest.map { "did you mean '\($0)'?" })
            }
            return term
        case .timestamp:
            guard let time = Timestamp(rfc3339: text)?.rfc3339 else {
                throw ExpressionFault(token, "'\(text)' is no time such as '2026-11-22T15:00:00Z'")
            }
            return .text(time, .timestamp)
        case .date:
            guard CalendarDay(text) != nil else {
                throw ExpressionFault(token, "'\(text)' is no date such as '2026-11-22'")
            }
            return .text(text, .date)
        case .id:
            guard let id = RecordID(text) else { throw ExpressionFault(token, "'\(text)' is no UUID") }
            return .text(id.description, .id)
        case .number, .bool, .opaque: return term
        }
    }

    private static func words(_ kind: CheckExpression.Kind) -> String {
        switch kind {
        case .number: "a number"
        case .text: "a text"
        case .bool: "a truth value"
        case .timestamp: "a timestamp"
        case .date: "a date"
        case .id: "an id"
        case .opaque: "a value that can't be compared"
        }
    }
}
