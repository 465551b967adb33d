/// Reads lists of `{id, expr}`: the checks of an entity, the guards of a transition.
struct CheckListReader {
    let expressions: ExpressionReader

    /// - Parameters:
    ///   - map: What the list stands in.
    ///   - key: The list.
    ///   - word: What one of them is called in messages.
    func checks(_ map: MapReader, _ key: String, _ word: String) -> [Entity.Check] {
        (map.list(key) ?? []).compactMap { node in
            guard
                let check = MapReader(
                    node, "a \(word) of \(map.what)", keys: ManifestGrammar.check, findings: expressions.findings),
                let id = check.requiredText("id"), let text = check.required("expr")
            else { return nil }
            expressions.findings.check(id, .word, at: check.position("id"), "the \(word)")
            return expressions.expression(text, "the \(word) `\(id)`").map { Entity.Check(id: id, expression: $0) }
        }
    }
}
