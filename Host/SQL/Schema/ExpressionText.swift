package import HostManifest

/// A declared condition as SQL. Names come from the manifest and are quoted, texts are literals, sums are `bigint`.
///
/// Every part that isn't a name or a literal is in parentheses, so that the reading doesn't hang on precedence.
package struct ExpressionText: Sendable {
    private typealias Term = CheckExpression.Term

    /// Before each column, with its dot; empty where a CHECK names its own table's.
    private let prefix: String

    /// - Parameter row: The alias of the row that is judged; nil inside a CHECK.
    package init(of row: String? = nil) {
        prefix = row.map { $0 + "." } ?? ""
    }

    package func sql(_ expression: CheckExpression) -> String { text(expression.term) }

    private func text(_ term: Term) -> String {
        switch term {
        case .column(let name, _): prefix + SQLName.quoted(name)
        case .integer(let number): String(number)
        case .text(let text, let kind): SQLName.literal(text) + Self.cast(kind)
        case .bool(let bool): bool ? "true" : "false"
        case .calculation(let left, let sign, let right): "\(number(left)) \(sign.rawValue) \(number(right))"
        case .length(let inner): "char_length(\(text(inner)))"
        case .comparison(let left, let sign, let right): "\(part(left)) \(sign.rawValue) \(part(right))"
        case .membership(let value, let values): "\(part(value)) IN (\(values.map(text).joined(separator: ", ")))"
        case .isNull(let value): "\(part(value)) IS NULL"
        case .not(.isNull(let value)): "\(part(value)) IS NOT NULL"
        case .not(let condition): "NOT \(part(condition))"
        case .both(let left, let right): "\(part(left)) AND \(part(right))"
        case .either(let left, let right): "\(part(left)) OR \(part(right))"
        }
    }

    private func part(_ term: Term) -> String {
        switch term {
        case .column, .integer, .text, .bool, .length: text(term)
        default: "(\(text(term)))"
        }
    }

    /// Without the cast, two small literals or rates would be added in 32 bits.
    private func number(_ term: Term) -> String { "(\(text(term)))::bigint" }

    private static func cast(_ kind: CheckExpression.Kind) -> String {
        switch kind {
        case .timestamp: "::timestamptz"
        case .date: "::date"
        case .id: "::uuid"
        case .number, .text, .bool, .opaque: ""
        }
    }
}
