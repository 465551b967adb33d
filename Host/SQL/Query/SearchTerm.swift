import HostModel

/// One word of `q`, and the ways in which a record may have it.
package struct SearchTerm: Hashable, Sendable {
    /// As it was written, in lower case and without accents.
    package let word: String
    /// A record has the term when one of its words begins with one of these. Never empty.
    package let beginnings: [String]

    package init(word: String, beginnings: [String]) {
        self.word = word
        self.beginnings = beginnings
    }

    /// The words of a search, as `search.tokens` gives them.
    ///
    /// Digits that stand beside each other are also looked for as one number, as in `(555) 123-4567`, and without
    /// zeros in front, which numbers are kept without too.
    package static func terms(of tokens: [String]) -> [SearchTerm] {
        var terms: [SearchTerm] = []
        for (place, token) in tokens.enumerated() {
            var beginnings = [token]
            if token.isNumber {
                let number = Self.number(around: place, in: tokens)
                for more in [number, token.withoutZeros, number.withoutZeros]
                where !more.isEmpty && !beginnings.contains(more) { beginnings.append(more) }
            }
            terms.append(SearchTerm(word: token, beginnings: beginnings))
        }
        return terms
    }

    /// Numbers of fewer digits, or of more, aren't kept by their ends.
    private static let numberLengths = 7...15

    /// All digits beside a word put together; empty where that is neither a long number nor one with a zero in front.
    private static func number(around place: Int, in tokens: [String]) -> String {
        var (start, end) = (place, place + 1)
        while start > 0, tokens[start - 1].isNumber { start -= 1 }
        while end < tokens.count, tokens[end].isNumber { end += 1 }
        let number = tokens[start..<end].joined()
        return numberLengths.contains(number.utf8.count) || number.hasPrefix("0") ? number : ""
    }

    /// The array parameters of the ranges that the beginnings are: where each starts, and where it ends.
    var ranges: [SQLParameter] {
        [ArrayText.literal(beginnings), ArrayText.literal(beginnings.map(PatternText.end(ofPrefix:)))]
    }
}

extension String {
    fileprivate var isNumber: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
    fileprivate var withoutZeros: String { hasPrefix("0") ? String(drop { $0 == "0" }) : "" }
}
