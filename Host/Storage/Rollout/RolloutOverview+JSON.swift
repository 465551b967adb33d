import Foundation
package import HostModel

extension RolloutOverview {
    /// Everything as one JSON document, as ``init(json:)`` reads it.
    package static let statement = """
        SELECT json_build_object(
            'desired', (\(DesiredPlugins.statement))::json,
            'hosts', (SELECT coalesce(json_agg(h ORDER BY h.node, h.pid), '[]') FROM (
                SELECT id, node, pid, extract(epoch FROM clock_timestamp() - seen_at)::bigint AS age
                FROM thorbis.host) h),
            'acknowledgements', (SELECT coalesce(json_agg(a), '[]') FROM (
                SELECT host, plugin, revision, outcome, detail FROM thorbis.rollout_ack) a),
            'figures', (SELECT coalesce(json_agg(f), '[]') FROM (
                SELECT host, plugin, revision, digest, calls, faults, buckets, crashes
                FROM thorbis.rollout_figures) f))::text
        """

    /// Nil for anything that no host of this release wrote.
    package init?(json: JSONValue) {
        guard let desired = json["desired"].flatMap({ DesiredPlugins(json: $0) }) else { return nil }
        self.init(
            desired: desired,
            hosts: (json["hosts"]?.array ?? []).compactMap { RolloutHost(json: $0) },
            acknowledgements: (json["acknowledgements"]?.array ?? []).compactMap { RolloutAcknowledgement(json: $0) },
            figures: (json["figures"]?.array ?? []).compactMap { RolloutFigures(json: $0) })
    }
}

extension RolloutHost {
    fileprivate init?(json: JSONValue) {
        guard let id = json["id"]?.string.flatMap({ UUID(uuidString: $0) }), let node = json["node"]?.string,
            let pid = json["pid"]?.int, let age = json["age"]?.int
        else { return nil }
        self.init(id: id, node: node, pid: Int32(truncatingIfNeeded: pid), age: .seconds(age))
    }
}

extension RolloutAcknowledgement {
    fileprivate init?(json: JSONValue) {
        guard let host = json["host"]?.string.flatMap({ UUID(uuidString: $0) }),
            let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }), let revision = json["revision"]?.int,
            let outcome = json["outcome"]?.string.flatMap({ Outcome(rawValue: $0) })
        else { return nil }
        self.init(
            host: host, plugin: plugin, revision: revision, outcome: outcome, detail: json["detail"]?.string ?? "")
    }
}

extension RolloutFigures {
    fileprivate init?(json: JSONValue) {
        guard let host = json["host"]?.string.flatMap({ UUID(uuidString: $0) }),
            let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }), let revision = json["revision"]?.int,
            let digest = json["digest"]?.string, let calls = json["calls"]?.int, let faults = json["faults"]?.int,
            let crashes = json["crashes"]?.int
        else { return nil }
        self.init(
            host: host, plugin: plugin, revision: revision, digest: digest, calls: calls, faults: faults,
            buckets: (json["buckets"]?.array ?? []).compactMap(\.int), crashes: Int(crashes))
    }
}
