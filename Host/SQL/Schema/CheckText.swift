import HostManifest

/// A declared check as SQL and as words.
struct CheckText {
    private let left: String
    private let comparison: CheckExpression.Comparison
    private let right: CheckExpression.Operand
    private let rightColumn: String

    init(_ expression: CheckExpression, of table: RecordTable) {
        left = table.column(named: expression.left)?.name ?? expression.left
        comparison = expression.comparison
        right = expression.right
        rightColumn =
            if case .column(let name) = expression.right { table.column(named: name)?.name ?? name } else { "" }
    }

    /// `"ends_at" > "starts_at"`; holds when either is NULL, as every CHECK.
    var sql: String { "\(SQLName.quoted(left)) \(comparison.rawValue) \(operand(quoting: true))" }

    /// `ends_at > starts_at`.
    var words: String { "\(left) \(comparison.rawValue) \(operand(quoting: false))" }

    private func operand(quoting: Bool) -> String {
        switch right {
        case .column: quoting ? SQLName.quoted(rightColumn) : rightColumn
        case .integer(let number): String(number)
        }
    }
}
