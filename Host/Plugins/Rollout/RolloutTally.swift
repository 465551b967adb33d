import Foundation
import HostManifest
package import HostStorage

/// The figures of a rollout over all hosts, and what the gate says of them. Pure.
package struct RolloutTally: Hashable, Sendable {
    package let candidate: RolloutGate.Side
    package let stable: RolloutGate.Side

    /// Nil while nothing is tried.
    ///
    /// Figures of an earlier revision don't count: they may be of an earlier trial of the same version, and each host
    /// writes them anew within seconds.
    package init?(_ overview: RolloutOverview, _ rollout: Rollout) {
        guard let package = rollout.canary else { return nil }
        candidate = Self.side(package, overview, rollout)
        stable = Self.side(rollout.stable, overview, rollout)
    }

    package var verdict: RolloutGate.Verdict { RolloutGate.verdict(candidate: candidate, stable: stable) }

    private static func side(
        _ package: PackageVersion, _ overview: RolloutOverview, _ rollout: Rollout
    ) -> RolloutGate.Side {
        let nodes = Dictionary(overview.hosts.map { ($0.id, $0.node) }, uniquingKeysWith: { first, _ in first })
        var sum = GenerationFigures()
        var crashes: [String: Int] = [:]
        for figures in overview.figures
        where figures.plugin == rollout.plugin && figures.digest == package.digest
            && figures.revision == rollout.revision
        {
            sum =
                sum
                + GenerationFigures(
                    calls: Int(clamping: figures.calls), faults: Int(clamping: figures.faults),
                    latencies: LatencyCounts(buckets: figures.buckets) ?? .none)
            // Hosts of one node tell of the same deaths.
            let node = nodes[figures.host] ?? figures.host.uuidString
            crashes[node] = max(crashes[node] ?? 0, figures.crashes)
        }
        sum.crashes = crashes.values.reduce(0, +)
        return RolloutGate.Side(package.version.description, sum)
    }
}
