/// Reads one map of a manifest: keys that aren't in the grammar are reported at once, values as they are asked for.
struct MapReader {
    let node: YAMLNode
    /// For messages: "the entity `party`".
    let what: String
    let findings: Findings
    private let members: [YAMLMember]

    /// - Parameter keys: Every key that may stand here; keys that start with `x-` are always allowed and never read.
    init?(_ node: YAMLNode, _ what: String, keys: [String], findings: Findings) {
        guard let members = Self.members(of: node, what, findings: findings) else { return nil }
        for member in members where !keys.contains(member.key) && !member.key.hasPrefix("x-") {
            findings.reportUnknown(.unknownKey, at: member.position, "the key", member.key, known: keys)
        }
        self.node = node
        self.what = what
        self.members = members
        self.findings = findings
    }

    /// The members of a map whose keys are the author's own names.
    static func members(of node: YAMLNode, _ what: String, findings: Findings) -> [YAMLMember]? {
        guard case .map(let members) = node.content else {
            findings.report(.shape, at: node.position, "\(what) must be a map; this is \(node.kind)")
            return nil
        }
        return members
    }

    subscript(key: String) -> YAMLNode? { members.first { $0.key == key }?.value }

    func position(_ key: String) -> SourcePosition { members.first { $0.key == key }?.position ?? node.position }

    /// The value of a key that must be there.
    func required(_ key: String) -> YAMLNode? {
        let value = self[key]
        if value == nil { findings.report(.missingKey, at: node.position, "\(what) needs the key `\(key)`") }
        return value
    }

    /// The author's own names below a key; empty when it is absent.
    func entries(_ key: String) -> [YAMLMember] {
        guard let value = self[key] else { return [] }
        return Self.members(of: value, "`\(key)` of \(what)", findings: findings)?
            .filter { !$0.key.hasPrefix("x-") } ?? []
    }

    func text(_ key: String) -> String? { self[key].flatMap { text($0, key) } }

    func requiredText(_ key: String) -> String? { required(key).flatMap { text($0, key) } }

    func bool(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        if case .scalar(.bool(let bool)) = value.content { return bool }
        reportShape(value, key, "true or false")
        return nil
    }

    func int(_ key: String) -> Int64? {
        guard let value = self[key] else { return nil }
        if case .scalar(.int(let int)) = value.content { return int }
        reportShape(value, key, "an integer")
        return nil
    }

    func list(_ key: String) -> [YAMLNode]? {
        guard let value = self[key] else { return nil }
        if case .list(let list) = value.content { return list }
        reportShape(value, key, "a list")
        return nil
    }

    func texts(_ key: String) -> [String]? {
        guard let list = list(key) else { return nil }
        let texts = list.compactMap { text($0, key) }
        return texts.count == list.count ? texts : nil
    }

    /// A word out of an enumeration; anything else is reported with the nearest one.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, as type: Word.Type = Word.self) -> Word? {
        guard let text = text(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        findings.reportUnknown(
            .unknownWord, at: self[key]?.position ?? node.position, "the `\(key)`", text,
            known: Word.allCases.map(\.rawValue))
        return nil
    }

    private func text(_ value: YAMLNode, _ key: String) -> String? {
        if case .scalar(.text(let text)) = value.content { return text }
        reportShape(value, key, "text")
        return nil
    }

    private func reportShape(_ value: YAMLNode, _ key: String, _ expected: String) {
        var hint: String?
        if expected == "text", case .scalar = value.content { hint = "put it in quotes" }
        findings.report(
            .shape, at: value.position, "`\(key)` of \(what) must be \(expected); this is \(value.kind)",
            suggestion: hint)
    }
}
