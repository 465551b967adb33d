package import HostModel

/// The code that may not run here, by its digest: `quarantine.json` in the data folder.
///
/// Hosts read it when they prepare plugins.
package struct QuarantineList: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let plugin: PluginID
        package let version: String
        /// SHA-256 of the library, lower-case hexadecimal.
        package let digest: String
        /// For people.
        package let reason: String
        package let since: Timestamp

        package init(plugin: PluginID, version: String, digest: String, reason: String, since: Timestamp) {
            self.plugin = plugin
            self.version = version
            self.digest = digest
            self.reason = reason
            self.since = since
        }
    }

    package static let file = "quarantine.json"
    /// Releases that are remembered; older ones are beyond the rule's window anyway.
    private static let releasesMax = 100

    package private(set) var entries: [Entry]
    /// When code was let into service again, by digest.
    package private(set) var releases: [String: Timestamp]

    package init() {
        entries = []
        releases = [:]
    }

    package subscript(digest: String) -> Entry? { entries.first { $0.digest == digest } }

    package mutating func add(_ entry: Entry) {
        entries.removeAll { $0.digest == entry.digest }
        entries.append(entry)
    }

    /// Lets all code of a plugin into service again, and gives what that is; deaths of before don't count any more.
    package mutating func release(_ plugin: PluginID, at now: Timestamp) -> [Entry] {
        let released = entries.filter { $0.plugin == plugin }
        entries.removeAll { $0.plugin == plugin }
        for entry in released { releases[entry.digest] = now }
        while releases.count > Self.releasesMax, let oldest = releases.min(by: { $0.value < $1.value }) {
            releases[oldest.key] = nil
        }
        return released
    }
}

extension QuarantineList {
    package var json: JSONValue {
        let releases = self.releases.sorted { $0.key < $1.key }
        return [
            "quarantined": .array(entries.map(\.json)),
            "released": .array(
                releases.map { ["digest": .string($0.key), "at": .string($0.value.rfc3339 ?? "")] }),
        ]
    }

    /// Nil for anything that isn't such a list: code must not get into service because a file is damaged.
    package init?(_ json: JSONValue) {
        guard let listed = json["quarantined"]?.array else { return nil }
        entries = listed.compactMap { Entry($0) }
        guard entries.count == listed.count else { return nil }
        releases = [:]
        for release in json["released"]?.array ?? [] {
            guard let digest = release["digest"]?.string else { return nil }
            releases[digest] = release["at"]?.string.flatMap { Timestamp(rfc3339: $0) }
        }
    }
}

extension QuarantineList.Entry {
    package var json: JSONValue {
        [
            "plugin": .string(plugin.description), "version": .string(version), "digest": .string(digest),
            "reason": .string(reason), "since": .string(since.rfc3339 ?? ""),
        ]
    }

    init?(_ json: JSONValue) {
        guard let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }), let version = json["version"]?.string,
            let digest = json["digest"]?.string, let reason = json["reason"]?.string,
            let since = json["since"]?.string.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        self.init(plugin: plugin, version: version, digest: digest, reason: reason, since: since)
    }
}
