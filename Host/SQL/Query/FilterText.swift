/// The value of a filter parameter, taken apart: `gte:100`, `in:a,b`, `a`.
struct FilterText {
    let comparison: Filter.Comparison
    let values: [String]

    /// A prefix that is no comparison belongs to the value: times have colons too.
    init(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let comparison = Filter.Comparison(rawValue: String(text[..<colon]))
        else {
            self.comparison = .equal
            values = [text]
            return
        }
        let rest = String(text[text.index(after: colon)...])
        self.comparison = comparison
        values =
            comparison == .oneOf
            ? rest.split(separator: ",", omittingEmptySubsequences: false).map(String.init) : [rest]
    }
}

extension Filter.Comparison {
    /// Whether a column with those comparisons takes this one.
    func suits(_ comparing: ColumnType.Comparing) -> Bool {
        switch self {
        case .isNull: comparing != .none
        case .equal: comparing != .none && comparing != .presence
        case .oneOf: comparing == .equality || comparing == .order || comparing == .membership
        case .less, .lessOrEqual, .greater, .greaterOrEqual: comparing == .order
        }
    }
}
