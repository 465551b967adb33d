package import HostModel
package import HostStorage

/// How far the hosts are with a revision of a plugin's row. Pure.
package struct RolloutProgress: Hashable, Sendable {
    /// Hosts that serve it.
    package let serving: [RolloutHost]
    /// Hosts that said why they can't.
    package let refusals: [Refusal]
    /// Hosts that live and have said nothing of it yet.
    package let stragglers: [RolloutHost]

    package struct Refusal: Hashable, Sendable {
        package let host: RolloutHost
        package let reason: String
    }

    /// Hosts that are gone take no part.
    package init(_ overview: RolloutOverview, of plugin: PluginID, revision: Int64) {
        var serving: [RolloutHost] = []
        var refusals: [Refusal] = []
        var stragglers: [RolloutHost] = []
        for host in overview.hosts where !host.isGone {
            let answer = overview.acknowledgements.first {
                $0.host == host.id && $0.plugin == plugin && $0.revision >= revision
            }
            switch answer?.outcome {
            case nil: stragglers.append(host)
            case .serves: serving.append(host)
            case .refused: refusals.append(Refusal(host: host, reason: answer?.detail ?? ""))
            }
        }
        self.serving = serving
        self.refusals = refusals
        self.stragglers = stragglers
    }

    /// Whether nobody is waited for any more.
    package var isAnswered: Bool { stragglers.isEmpty }
    package var isServed: Bool { stragglers.isEmpty && refusals.isEmpty }
}
