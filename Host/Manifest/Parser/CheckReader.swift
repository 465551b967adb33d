/// Reads a comparison such as `ends_at > starts_at` or `amount_minor >= 1`.
struct CheckReader {
    let columns: ColumnNames
    let findings: Findings

    func expression(_ text: String, at position: SourcePosition) -> CheckExpression? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 3, let comparison = CheckExpression.Comparison(rawValue: parts[1]) else {
            findings.report(
                .check, at: position, "`\(text)` must be a field, a comparison (< <= = <> >= >) and a field or integer",
                suggestion: "write it like \"ends_at > starts_at\", with spaces")
            return nil
        }
        guard let left = column(parts[0], at: position), let right = operand(parts[2], at: position) else { return nil }
        return CheckExpression(left: left, comparison: comparison, right: right)
    }

    private func operand(_ text: String, at position: SourcePosition) -> CheckExpression.Operand? {
        if let integer = Int64(text) { return .integer(integer) }
        return column(text, at: position).map(CheckExpression.Operand.column)
    }

    private func column(_ name: String, at position: SourcePosition) -> String? {
        if let column = columns[name] { return column }
        columns.reportUnknown(name, at: position, findings: findings)
        return nil
    }
}
