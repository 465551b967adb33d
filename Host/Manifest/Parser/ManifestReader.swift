import HostModel

/// Reads the top level of a manifest.
struct ManifestReader {
    let findings: Findings

    /// - Returns: Nil only together with findings.
    func manifest(_ root: YAMLNode, digest: String) -> Manifest? {
        let keys = ManifestGrammar.manifest + ManifestGrammar.notSupported
        guard let map = MapReader(root, "the manifest", keys: keys, findings: findings) else { return nil }
        refuseNotSupported(map)
        checkAPIVersion(map)
        let versions = VersionReader(findings: findings)
        let id = pluginID(map)
        let name = map.requiredText("name")
        let version = versions.version(map)
        let pluginAPI = map.required("pluginAPI").flatMap { versions.range($0, "pluginAPI") }
        // Without an id the rest is still read, under a stand-in, for its findings.
        guard let plugin = id ?? PluginID("unnamed") else { return nil }
        let entities = map.entries("entities").compactMap(EntityReader(plugin: plugin, findings: findings).entity)
        let operations = map.entries("operations")
            .compactMap(OperationReader(plugin: plugin, findings: findings).operation)
        let events = EventReader(plugin: plugin, findings: findings).events(map)
        let access = AccessReader(findings: findings)
        let requires = versions.requirements(map)
        let features = access.features(map)
        let limits = access.limits(map)
        let mounts = access.mounts(map)
        let roles = access.roles(map)
        let formerNames = FormerNameReader(findings: findings).names(map)
        let invariants = InvariantReader(findings: findings).invariants(map)
        guard let id, let name, let version, let pluginAPI else { return nil }
        return Manifest(
            id: id, name: name, version: version, pluginAPI: pluginAPI, requires: requires, features: features,
            limits: limits, entities: entities, mounts: mounts, operations: operations, roles: roles,
            publishes: events.publishes, subscriptions: events.subscriptions, digest: digest,
            places: ManifestPlaces(root, file: findings.file), formerNames: formerNames,
            invariants: invariants)
    }

    private func refuseNotSupported(_ map: MapReader) {
        for key in ManifestGrammar.notSupported where map[key] != nil {
            findings.report(.notSupported, at: map.position(key), "`\(key)` is not supported yet by this host")
        }
    }

    private func checkAPIVersion(_ map: MapReader) {
        guard let text = map.requiredText("apiVersion"), text != ManifestGrammar.apiVersion else { return }
        findings.report(
            .version, at: map["apiVersion"]?.position ?? map.node.position,
            "the apiVersion `\(text)` is not known to this host",
            suggestion: "write `apiVersion: \(ManifestGrammar.apiVersion)`")
    }

    private func pluginID(_ map: MapReader) -> PluginID? {
        guard let text = map.requiredText("id") else { return nil }
        guard !ManifestGrammar.platformNames.contains(text) else {
            findings.report(
                .reservedName, at: map["id"]?.position ?? map.node.position,
                "the id `\(text)` is reserved: the platform keeps what is its own under that name")
            return nil
        }
        if let id = PluginID(text) { return id }
        findings.report(
            .name, at: map["id"]?.position ?? map.node.position,
            "the id `\(text)` must be 2 to 16 characters of a-z and 0-9, the first a letter")
        return nil
    }
}
