/// Reads the text of a condition that stands in a manifest: `checks`, and what else asks for one.
struct ExpressionReader {
    let columns: ExpressionColumns
    let findings: Findings

    /// The longest text, in Unicode scalars.
    static let lengthMax = 1_000

    /// The condition; nil only together with a finding, which is at the token in question.
    func expression(_ node: YAMLNode, _ what: String) -> CheckExpression? {
        guard case .scalar(let scalar) = node.content, let text = scalar.expressionText else {
            findings.report(
                .shape, at: node.position, "\(what) must be text; this is \(node.kind)", suggestion: "put it in quotes")
            return nil
        }
        guard text.unicodeScalars.count <= Self.lengthMax else {
            findings.report(.check, at: node.position, "\(what) is longer than \(Self.lengthMax) characters")
            return nil
        }
        do throws(ExpressionFault) {
            var parser = ExpressionParser(try ExpressionLexer.tokens(of: text), columns)
            return CheckExpression(try parser.condition())
        } catch {
            findings.report(
                error.rule, at: node.position(in: text, offset: error.offset), "\(what): \(error.message)",
                suggestion: error.suggestion)
            return nil
        }
    }
}

extension YAMLScalar {
    /// `true` alone is a condition, though YAML reads a truth value.
    fileprivate var expressionText: String? {
        switch self {
        case .text(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .null, .int, .number: nil
        }
    }
}

extension YAMLNode {
    /// Where a scalar of the text stands in the file, for a text on one line; else where the text begins.
    ///
    /// - Parameter offset: In Unicode scalars.
    func position(in text: String, offset: Int) -> SourcePosition {
        guard let style, !text.unicodeScalars.contains("\n") else { return position }
        let before = text.unicodeScalars.prefix(offset)
        let widened =
            switch style {
            case .plain: 0
            case .singleQuoted: 1 + before.count { $0 == "'" }
            case .doubleQuoted: 1 + before.count { $0 == "\"" || $0 == "\\" || $0 == "\t" }
            }
        return SourcePosition(line: position.line, column: position.column + offset + widened)
    }
}
