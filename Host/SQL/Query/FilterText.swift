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
        let rest = text[text.index(after: colon)...]
        self.comparison = comparison
        values = comparison.takesList ? Self.list(rest) : [String(rest)]
    }

    /// What to write instead of `filter[x][gt]=1`, as other APIs have it; nil for a name of another form.
    ///
    /// - Parameter name: What stands between the outer brackets: `x][gt`.
    static func habit(_ name: String, _ value: String) -> String? {
        let parts = name.split(separator: "][", omittingEmptySubsequences: false)
        guard parts.count == 2, let comparison = Filter.Comparison(rawValue: String(parts[1])) else { return nil }
        let shown = value.count > shownMax ? value.prefix(shownMax) + "…" : value[...]
        return "The comparison stands before the value: write filter[\(parts[0])]=\(comparison.rawValue):\(shown)."
    }

    /// Characters of a value that a refusal repeats.
    private static let shownMax = 40

    /// `a,b\,c` → `a` and `b,c`: a backslash takes the comma or the backslash after it as it is.
    private static func list(_ text: Substring) -> [String] {
        var values = [String.UnicodeScalarView()]
        var isEscaped = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\" where !isEscaped: isEscaped = true
            case "," where !isEscaped: values.append(String.UnicodeScalarView())
            default:
                if isEscaped, scalar != ",", scalar != "\\" { values[values.count - 1].append("\\") }
                values[values.count - 1].append(scalar)
                isEscaped = false
            }
        }
        if isEscaped { values[values.count - 1].append("\\") }
        return values.map { String($0) }
    }
}

extension Filter.Comparison {
    /// Whether its value is values with commas between them.
    var takesList: Bool { self == .oneOf || self == .between }

    /// The comparison that says the same with fewer words: a set that contains a word equals it, as filters have it.
    func stored(for type: ColumnType) -> Filter.Comparison {
        self == .contains && type.comparing == .membership ? .equal : self
    }

    /// Whether a column of that type takes this one.
    func suits(_ type: ColumnType) -> Bool {
        switch self {
        case .isNull: type.comparing != .none
        case .equal, .notEqual: type.comparing != .none && type.comparing != .presence
        case .oneOf: type.comparing == .equality || type.comparing == .order || type.comparing == .membership
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .between: type.comparing == .order
        case .prefix: type.isFreeText
        case .contains: type.isFreeText || type.comparing == .membership
        }
    }
}

extension ColumnType {
    /// Texts whose characters count, unlike words out of a list.
    var isFreeText: Bool { format == .text && comparing == .equality }
}
