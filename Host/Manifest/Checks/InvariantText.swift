/// What the SQL of an invariant may be made of: one SELECT that calls nothing but well-known functions.
///
/// This is the first fence, with an answer at the right line; the real one is the role that the query runs as, which
/// may neither change the business nor anything else.
enum InvariantText {
    static let bytesMax = 4_000

    /// What is wrong, as the end of a sentence; nil for nothing.
    static func flaw(of sql: String) -> String? {
        guard sql.utf8.count <= bytesMax else { return "has more than \(bytesMax) bytes" }
        guard let tokens = tokens(of: sql) else {
            return "may have no comment, no backslash, no dollar quote, no prefixed text and no semicolon"
        }
        guard let first = tokens.first, first == .word("select") || first == .word("with") else {
            return "must be one SELECT"
        }
        for (number, token) in tokens.enumerated() {
            guard case .word(let word) = token else { continue }
            if forbidden.contains(word) { return "must only read; `\(word)` may not stand in it" }
            let isCalled = number + 1 < tokens.count && tokens[number + 1] == .open
            if isCalled, !functions.contains(word), !grammar.contains(word) {
                return "may not call `\(word)`; known are \(functions.sorted().joined(separator: ", "))"
            }
        }
        for number in tokens.indices.dropLast() where tokens[number] == .quotedName && tokens[number + 1] == .open {
            return "may not call a function by a quoted name"
        }
        return nil
    }

    private enum Token: Equatable {
        case word(String)
        case quotedName
        case open
        case other
    }

    private static let forbidden: Set<String> = [
        "insert", "update", "delete", "merge", "into", "drop", "alter", "create", "grant", "revoke", "copy", "call",
        "do", "set", "reset", "lock", "listen", "notify", "truncate", "for", "execute", "prepare", "begin", "commit",
        "rollback", "tablesample", "lateral",
    ]
    /// Words before a parenthesis that call nothing.
    private static let grammar: Set<String> = [
        "in", "exists", "and", "or", "not", "on", "from", "where", "select", "as", "values", "using", "any", "all",
        "some", "having", "filter", "over", "when", "then", "else", "by", "join", "union", "except", "intersect",
        "case", "between", "is", "distinct", "like", "limit", "with",
    ]
    private static let functions: Set<String> = [
        "sum", "count", "min", "max", "avg", "coalesce", "nullif", "greatest", "least", "abs", "round", "floor", "ceil",
        "char_length", "lower", "upper", "bool_and", "bool_or", "row_number", "lag", "lead", "cardinality",
        "array_length", "now", "upper_inf", "lower_inf", "isempty", "tstzrange",
    ]

    private static func tokens(of sql: String) -> [Token]? {
        var tokens: [Token] = []
        var rest = Substring(sql).unicodeScalars
        while let scalar = rest.first {
            if isWord(scalar) {
                let word = String(rest.prefix(while: isWord))
                rest = rest.dropFirst(word.unicodeScalars.count)
                // E'…', U&'…' and the like have escapes of their own.
                if rest.first == "'" || rest.first == "&" { return nil }
                tokens.append(.word(word.lowercased()))
            } else if scalar == "'" || scalar == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: scalar) else { return nil }
                if rest[..<end].contains("\\") { return nil }
                rest = rest[rest.index(after: end)...]
                // A doubled quote goes on with the same text: two tokens that mean nothing apart.
                tokens.append(scalar == "\"" ? .quotedName : .other)
            } else if [";", "\\", "$", "`"].contains(scalar) || !scalar.isASCII {
                return nil
            } else {
                let next = rest.dropFirst().first
                if scalar == "-" && next == "-" || scalar == "/" && next == "*" { return nil }
                rest = rest.dropFirst()
                if !scalar.properties.isWhitespace { tokens.append(scalar == "(" ? .open : .other) }
            }
        }
        return tokens
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }
}
