import HostModel

/// Reads versions and ranges of versions, which YAML takes for numbers when they aren't quoted.
struct VersionReader {
    let findings: Findings

    func version(_ map: MapReader) -> SemanticVersion? {
        guard let node = map.required("version"), let text = text(node, "version") else { return nil }
        let isWhole = text.split(separator: ".").count == 3
        if isWhole, let version = SemanticVersion(text) { return version }
        findings.report(
            .version, at: node.position, "the version `\(text)` must be three numbers",
            suggestion: "write it like 1.0.0")
        return nil
    }

    func range(_ node: YAMLNode, _ key: String) -> VersionRange? {
        guard let text = text(node, key) else { return nil }
        if let range = VersionRange(text) { return range }
        findings.report(
            .version, at: node.position, "`\(text)` must be a range with both ends",
            suggestion: "write it like \">=1.0 <2.0\"")
        return nil
    }

    func requirements(_ map: MapReader) -> [Requirement] {
        map.entries("requires").compactMap { member in
            guard let plugin = PluginID(member.key) else {
                findings.report(.name, at: member.position, "`\(member.key)` is not a plugin's id")
                return nil
            }
            return range(member.value, member.key).map { Requirement(plugin: plugin, versions: $0) }
        }
    }

    private func text(_ node: YAMLNode, _ key: String) -> String? {
        switch node.content {
        case .scalar(.text(let text)): return text
        case .scalar(.int), .scalar(.number):
            findings.report(
                .unquotedVersion, at: node.position, "YAML reads the value of `\(key)` as a number",
                suggestion: "put it in quotes")
        default:
            findings.report(.shape, at: node.position, "`\(key)` must be a version; this is \(node.kind)")
        }
        return nil
    }
}
