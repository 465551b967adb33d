/// Reads `invariants:`. Each is a SELECT, or a map with `sql` and `title`.
struct InvariantReader {
    let findings: Findings

    func invariants(_ map: MapReader) -> [Invariant] {
        map.entries("invariants").compactMap { member in
            findings.check(member.key, .word, at: member.position, "the invariant")
            let title = member.key.split(separator: "_").joined(separator: " ")
            if case .scalar(.text(let sql)) = member.value.content {
                return invariant(member.key, title: title, sql: sql, at: member.value.position)
            }
            guard
                let long = MapReader(
                    member.value, "the invariant `\(member.key)`", keys: ManifestGrammar.invariant, findings: findings),
                let sql = long.requiredText("sql")
            else { return nil }
            return invariant(
                member.key, title: long.text("title") ?? title, sql: sql, at: long["sql"]?.position ?? member.position)
        }
    }

    private func invariant(_ name: String, title: String, sql: String, at position: SourcePosition) -> Invariant? {
        if let flaw = InvariantText.flaw(of: sql) {
            findings.report(.invariant, at: position, "the invariant `\(name)` \(flaw)")
            return nil
        }
        return Invariant(name: name, title: title, sql: sql)
    }
}
