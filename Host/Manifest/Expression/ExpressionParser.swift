/// Reads tokens by recursive descent: `or` binds least, then `and`, `not`, comparisons, `+ -`, `*`.
///
/// Depth and size are bounded, because each level of the text costs a level of the stack here, in the evaluation and
/// in PostgreSQL.
struct ExpressionParser {
    static let depthMax = 16
    static let nodesMax = 100

    private let tokens: [ExpressionToken]
    private let rules: ExpressionRules
    private var next = 0
    private var depth = 0
    private var nodes = 0

    /// - Parameter tokens: Ending with the end.
    init(_ tokens: [ExpressionToken], _ columns: ExpressionColumns) {
        self.tokens = tokens
        rules = ExpressionRules(columns: columns)
    }

    /// The whole expression, which must be a condition.
    mutating func condition() throws(ExpressionFault) -> CheckExpression.Term {
        let start = token
        let term = try either()
        guard token.content == .end else {
            let isChain = CheckExpression.Comparison(rawValue: token.text) != nil
            throw ExpressionFault(
                token, "an operator or the end belongs here, not \(token.quoted)",
                suggestion: isChain ? "join two comparisons with `and`" : nil)
        }
        return try rules.condition(term, at: start)
    }

    private typealias Term = CheckExpression.Term
    private var token: ExpressionToken { tokens[next] }

    private mutating func take(_ text: String) -> Bool {
        guard token.is(text) else { return false }
        next += 1
        return true
    }

    private mutating func expect(_ text: String) throws(ExpressionFault) {
        guard take(text) else { throw ExpressionFault(token, "`\(text)` belongs here, not \(token.quoted)") }
    }

    private mutating func made(_ term: Term) throws(ExpressionFault) -> Term {
        nodes += 1
        guard nodes <= Self.nodesMax else {
            throw ExpressionFault(token, "the expression has more than \(Self.nodesMax) parts")
        }
        return term
    }

    private mutating func deeper(
        _ part: (inout Self) throws(ExpressionFault) -> Term
    ) throws(ExpressionFault) -> Term {
        depth += 1
        guard depth <= Self.depthMax else {
            throw ExpressionFault(token, "the expression is more than \(Self.depthMax) levels deep")
        }
        let term = try part(&self)
        depth -= 1
        return term
    }

    private mutating func either() throws(ExpressionFault) -> Term {
        let start = token
        var term = try both()
        while token.is("or") {
            next += 1
            let second = token
            let left = try rules.condition(term, at: start)
            term = try made(.either(left, try rules.condition(try both(), at: second)))
        }
        return term
    }

    private mutating func both() throws(ExpressionFault) -> Term {
        let start = token
        var term = try negation()
        while token.is("and") {
            next += 1
            let second = token
            let left = try rules.condition(term, at: start)
            term = try made(.both(left, try rules.condition(try negation(), at: second)))
        }
        return term
    }

    private mutating func negation() throws(ExpressionFault) -> Term {
        guard take("not") else { return try predicate() }
        let start = token
        let inner = try deeper { (parser: inout Self) throws(ExpressionFault) in try parser.negation() }
        return try made(.not(try rules.condition(inner, at: start)))
    }

    private mutating func predicate() throws(ExpressionFault) -> Term {
        let start = token
        let left = try sum()
        let sign = token
        if case .sign(let text) = sign.content, let comparison = CheckExpression.Comparison(rawValue: text) {
            next += 1
            let second = token
            return try made(try rules.comparison(left, start, comparison, sign, try sum(), second))
        }
        if take("is") {
            let isNegated = take("not")
            try expect("null")
            let isNull = try made(.isNull(left))
            return isNegated ? try made(.not(isNull)) : isNull
        }
        let isNegated = token.is("not") && tokens[next + 1].is("in")
        if isNegated { next += 1 }
        guard take("in") else { return left }
        let membership = try membership(left, start)
        return isNegated ? try made(.not(membership)) : membership
    }

    private mutating func membership(_ left: Term, _ start: ExpressionToken) throws(ExpressionFault) -> Term {
        try expect("(")
        var values: [Term] = []
        repeat {
            let place = token
            values.append(try rules.member(try sum(), place, of: left, start))
        } while take(",")
        try expect(")")
        return try made(.membership(left, values))
    }

    private mutating func sum() throws(ExpressionFault) -> Term {
        let start = token
        var term = try product()
        while token.is("+") || token.is("-") {
            let sign: CheckExpression.Calculation = token.is("+") ? .plus : .minus
            next += 1
            let second = token
            term = try made(try rules.calculation(term, start, sign, try product(), second))
        }
        return term
    }

    private mutating func product() throws(ExpressionFault) -> Term {
        let start = token
        var term = try factor()
        while take("*") {
            let second = token
            term = try made(try rules.calculation(term, start, .times, try factor(), second))
        }
        return term
    }

    private mutating func factor() throws(ExpressionFault) -> Term {
        guard take("-") else { return try primary() }
        let start = token
        if case .integer(let number) = start.content {
            next += 1
            return try made(.integer(-number))
        }
        let inner = try deeper { (parser: inout Self) throws(ExpressionFault) in try parser.factor() }
        return try made(try rules.calculation(.integer(0), start, .minus, inner, start))
    }

    private mutating func primary() throws(ExpressionFault) -> Term {
        let token = token
        switch token.content {
        case .integer(let number):
            next += 1
            return try made(.integer(number))
        case .text(let text):
            next += 1
            return try made(.text(text, .text))
        case .word("length"): return try length()
        case .word(let word):
            let term = try rules.word(word, at: token)
            next += 1
            return try made(term)
        case .sign("("):
            next += 1
            let inner = try deeper { (parser: inout Self) throws(ExpressionFault) in try parser.either() }
            try expect(")")
            return inner
        case .sign, .end:
            throw ExpressionFault(token, "a field, a number, a text or `(` belongs here, not \(token.quoted)")
        }
    }

    private mutating func length() throws(ExpressionFault) -> Term {
        next += 1
        try expect("(")
        let place = token
        let inner = try deeper { (parser: inout Self) throws(ExpressionFault) in try parser.sum() }
        try expect(")")
        return try made(try rules.length(inner, at: place))
    }
}
