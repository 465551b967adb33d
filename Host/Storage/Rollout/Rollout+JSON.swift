import HostManifest
import HostModel

extension DesiredPlugins {
    /// All rows as one JSON document, as ``init(json:)`` reads it.
    static let statement = """
        SELECT json_build_object(
            'rollouts', (SELECT coalesce(json_agg(r ORDER BY r.plugin), '[]') FROM (
                SELECT plugin, stable_version, stable_digest, candidate_version, candidate_digest, previous_version,
                    previous_digest, percent, businesses, revision, state, reason,
                    to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS changed_at
                FROM thorbis.plugin_rollout) r),
            'pins', (SELECT coalesce(json_agg(p ORDER BY p.plugin, p.business), '[]') FROM (
                SELECT business, plugin, version, digest FROM thorbis.plugin_pin) p))::text
        """

    /// Nil for anything that no host of this release wrote.
    init?(json: JSONValue) {
        let rollouts = json["rollouts"]?.array ?? []
        let pins = json["pins"]?.array ?? []
        self.init(rollouts: rollouts.compactMap { Rollout(json: $0) }, pins: pins.compactMap { PluginPin(json: $0) })
        guard self.rollouts.count == rollouts.count, self.pins.count == pins.count else { return nil }
    }
}

extension Rollout {
    fileprivate init?(json: JSONValue) {
        guard let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }),
            let stable = PackageVersion(json: json, "stable_version", "stable_digest"),
            let state = json["state"]?.string.flatMap({ State(rawValue: $0) }),
            let revision = json["revision"]?.int, let percent = json["percent"]?.int
        else { return nil }
        self.init(
            plugin: plugin, stable: stable,
            candidate: PackageVersion(json: json, "candidate_version", "candidate_digest"),
            previous: PackageVersion(json: json, "previous_version", "previous_digest"), percent: Int(percent),
            businesses: (json["businesses"]?.array ?? []).compactMap { $0.string.flatMap { BusinessID($0) } },
            revision: revision, state: state, reason: json["reason"]?.string ?? "",
            changedAt: json["changed_at"]?.string ?? "")
    }
}

extension PluginPin {
    fileprivate init?(json: JSONValue) {
        guard let business = json["business"]?.string.flatMap({ BusinessID($0) }),
            let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }),
            let package = PackageVersion(json: json, "version", "digest")
        else { return nil }
        self.init(business: business, plugin: plugin, package: package)
    }
}

extension PackageVersion {
    fileprivate init?(json: JSONValue, _ version: String, _ digest: String) {
        guard let version = json[version]?.string.flatMap({ SemanticVersion($0) }), let digest = json[digest]?.string
        else { return nil }
        self.init(version: version, digest: digest)
    }
}
