extension CheckExpression: CustomStringConvertible {
    /// The condition for people, with the names that records have in JSON: `party_id is not null`.
    package var description: String { Self.words(term) }

    private static func words(_ term: Term) -> String {
        switch term {
        case .column(let name, _): name
        case .integer(let number): String(number)
        case .text(let text, _): "'" + text.replacing("'", with: "''") + "'"
        case .bool(let bool): bool ? "true" : "false"
        case .calculation(let left, let sign, let right): "\(part(left)) \(sign.rawValue) \(part(right))"
        case .length(let text): "length(\(words(text)))"
        case .comparison(let left, let sign, let right): "\(part(left)) \(sign.rawValue) \(part(right))"
        case .membership(let value, let values): "\(part(value)) in (\(values.map(words).joined(separator: ", ")))"
        case .not(.isNull(let value)): "\(part(value)) is not null"
        case .not(.membership(let value, let values)):
            "\(part(value)) not in (\(values.map(words).joined(separator: ", ")))"
        case .isNull(let value): "\(part(value)) is null"
        case .not(let condition): "not \(part(condition))"
        case .both(let left, let right): "\(part(left)) and \(part(right))"
        case .either(let left, let right): "\(part(left)) or \(part(right))"
        }
    }

    /// In parentheses unless it is one word or a call.
    private static func part(_ term: Term) -> String {
        switch term {
        case .column, .integer, .text, .bool, .length: words(term)
        default: "(\(words(term)))"
        }
    }
}
