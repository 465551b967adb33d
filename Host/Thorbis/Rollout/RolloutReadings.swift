import Foundation
import HostModel
import HostPlugins
import HostStorage
import HostSupervisor

/// What went through the two versions of a rollout on this host, since both serve side by side here.
struct RolloutReadings {
    /// One of the two.
    private struct Side {
        let package: PackageVersion
        let generation: PluginGeneration
        var reading: WarmReading

        init(_ package: PackageVersion, _ generation: PluginGeneration) {
            self.package = package
            self.generation = generation
            reading = WarmReading(since: generation.window)
        }
    }

    private let plugin: PluginID
    private var sides: [Side]

    /// Nil while this host doesn't serve both.
    init?(_ rollout: Rollout, _ sets: ServingSets) {
        guard let sides = Self.sides(rollout, sets) else { return nil }
        plugin = rollout.plugin
        self.sides = sides.map { Side($0.package, $0.generation) }
    }

    /// Whether they are about what serves for that rollout now: a reload may have made another generation of the same
    /// version, which has counted nothing yet.
    func isOf(_ rollout: Rollout, _ sets: ServingSets) -> Bool {
        guard rollout.plugin == plugin, let now = Self.sides(rollout, sets) else { return false }
        return zip(sides, now).allSatisfy { $0.package == $1.package && $0.generation === $1.generation }
    }

    /// - Parameter tombstones: Of this node.
    mutating func figures(of rollout: Rollout, by host: UUID, _ tombstones: [Tombstone]) -> [RolloutFigures] {
        let start = Timestamp(rfc3339: rollout.changedAt)
        return sides.indices.map { number in
            let (package, generation) = (sides[number].package, sides[number].generation)
            let figures = sides[number].reading.figures(of: generation.window)
            let crashes = tombstones.filter { tombstone in
                tombstone.blame?.plugin == plugin.description && tombstone.blame?.digest == generation.digest
                    && start.map { tombstone.at >= $0 } ?? true
            }
            return RolloutFigures(
                host: host, plugin: plugin, revision: rollout.revision, digest: package.digest,
                calls: Int64(figures.calls), faults: Int64(figures.faults), buckets: figures.latencies.buckets,
                crashes: crashes.count)
        }
    }

    /// The stable one, then the candidate.
    private static func sides(
        _ rollout: Rollout, _ sets: ServingSets
    ) -> [(package: PackageVersion, generation: PluginGeneration)]? {
        guard let candidate = rollout.canary, let canary = sets.plan.choice?.canary, canary.plugin == rollout.plugin,
            let old = sets.stable.plugins[rollout.plugin], let new = sets.others[canary.set]?.plugins[rollout.plugin]
        else { return nil }
        return [(rollout.stable, old.generation), (candidate, new.generation)]
    }
}
