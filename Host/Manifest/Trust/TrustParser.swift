import HostModel

/// Reads `trust.yaml`, strictly, as manifests are read.
///
/// ```yaml
/// unsigned: refused
/// keys:
///   acme-2026: {key: "E-GQQm2e…", plugins: [hs]}
/// ```
package enum TrustParser {
    private static let list = ["keys", "unsigned"]
    private static let key = ["key", "plugins"]
    private static let keyBytes = 32

    private enum Unsigned: String, CaseIterable { case allowed, refused }

    /// - Parameter file: What diagnostics call it.
    /// - Throws: Everything that is wrong with the file.
    package static func parse(yaml: String, file: String) throws(InvalidManifest) -> TrustList {
        let findings = Findings(file: file)
        let trust = YAMLDocument.read(yaml, findings: findings).flatMap { read($0, findings) }
        try findings.throwIfAny()
        return trust ?? .nobody
    }

    private static func read(_ root: YAMLNode, _ findings: Findings) -> TrustList? {
        guard let map = MapReader(root, "the list of trusted keys", keys: list, findings: findings) else { return nil }
        let unsigned = map.word("unsigned", as: Unsigned.self) ?? .refused
        let keys = map.entries("keys").compactMap { key($0, findings) }
        return TrustList(keys: keys, allowsUnsigned: unsigned == .allowed)
    }

    private static func key(_ member: YAMLMember, _ findings: Findings) -> TrustList.Key? {
        let what = "the key `\(member.key)`"
        guard let map = MapReader(member.value, what, keys: key, findings: findings),
            let text = map.requiredText("key")
        else { return nil }
        guard let bytes = Base64URL.decode(text.utf8), bytes.count == keyBytes else {
            findings.report(
                .shape, at: map["key"]?.position ?? member.position,
                "`key` of \(what) must be \(keyBytes) bytes in base64url, as `thorbis plugin keygen` prints them")
            return nil
        }
        return TrustList.Key(name: member.key, publicKey: bytes, plugins: plugins(map))
    }

    private static func plugins(_ map: MapReader) -> Set<PluginID>? {
        guard let names = map.texts("plugins") else { return nil }
        let ids = names.compactMap { PluginID($0) }
        if ids.count < names.count {
            map.findings.report(
                .name, at: map.position("plugins"), "`plugins` of \(map.what) must be ids of plugins, such as hs")
        }
        return Set(ids)
    }
}
