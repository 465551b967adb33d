import HostManifest
package import HostModel
package import HostStorage

/// The sets of plugins that a host needs for what is wanted, and who gets which. Pure.
package struct RolloutPlan: Hashable, Sendable {
    /// Of each set the versions that are wanted; other plugins are each node's own affair. The stable set comes first.
    package let sets: [[PluginID: PackageVersion]]
    /// Nil when the stable set serves everybody.
    package let choice: SnapshotChoice?

    /// Each set has routes and statements of its own, and each connection to the database prepares those of all.
    package static let setsMax = 4

    /// Every node's own versions.
    package static let nothing = RolloutPlan(sets: [[:]], choice: nil)

    private init(sets: [[PluginID: PackageVersion]], choice: SnapshotChoice?) {
        self.sets = sets
        self.choice = choice
    }

    /// The stable set for everybody.
    package var stableAlone: RolloutPlan { RolloutPlan(sets: [sets[0]], choice: nil) }

    /// In which plugins a set differs from the stable one.
    package func plugins(of set: Int) -> [PluginID] {
        sets[set].filter { sets[0][$0.key] != $0.value }.keys.sorted()
    }

    /// What a host serves: everything that is wanted where that can be, and otherwise as much as can, so that no row
    /// keeps another one from being obeyed. Every host leaves the same out.
    ///
    /// - Returns: Why something was left out; nil when nothing was.
    package static func best(for desired: DesiredPlugins) -> (plan: RolloutPlan, problem: RolloutProblem?) {
        do throws(RolloutProblem) {
            return (try RolloutPlan(desired), nil)
        } catch {
            let wanted = DesiredPlugins(rollouts: desired.rollouts.map(\.withoutCandidate), pins: desired.pins)
            if let plan = try? RolloutPlan(wanted) { return (plan, error) }
            // One set always fits.
            let stable = DesiredPlugins(rollouts: wanted.rollouts, pins: [])
            return ((try? RolloutPlan(stable)) ?? .nothing, error)
        }
    }

    /// - Throws: ``RolloutProblem`` for more than a host can hold.
    package init(_ desired: DesiredPlugins) throws(RolloutProblem) {
        let stable = Dictionary(
            desired.rollouts.map { ($0.plugin, $0.stable) }, uniquingKeysWith: { first, _ in first })
        var sets = [stable]
        func number(of set: [PluginID: PackageVersion]) -> Int {
            if let number = sets.firstIndex(of: set) { return number }
            sets.append(set)
            return sets.count - 1
        }
        let rolling = desired.rollouts.filter { $0.canary != nil }
        guard rolling.count <= 1 else { throw RolloutProblem(.several(rolling.map(\.plugin))) }
        var canary: SnapshotChoice.Canary?
        if let rollout = rolling.first, let candidate = rollout.canary {
            canary = SnapshotChoice.Canary(
                plugin: rollout.plugin, percent: rollout.percent, businesses: Set(rollout.businesses),
                set: number(of: stable.merging([rollout.plugin: candidate]) { $1 }))
        }
        var pinned: [BusinessID: Int] = [:]
        for (business, pins) in Dictionary(grouping: desired.pins, by: \.business).sorted(by: { $0.key < $1.key }) {
            let versions = pins.map { ($0.plugin, $0.package) }
            pinned[business] = number(of: stable.merging(versions) { $1 })
        }
        guard sets.count <= Self.setsMax else { throw RolloutProblem(.tooMany(sets.count)) }
        let isDivided = canary != nil || !pinned.isEmpty
        self.init(sets: sets, choice: isDivided ? SnapshotChoice(pinned: pinned, canary: canary) : nil)
    }
}

extension Rollout {
    fileprivate var withoutCandidate: Rollout {
        Rollout(plugin: plugin, stable: stable, previous: previous, revision: revision, state: .settled)
    }
}

/// Why what is wanted can't be served by any host.
package struct RolloutProblem: Error, Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        case several([PluginID])
        case tooMany(Int)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    package var description: String {
        switch kind {
        case .several(let plugins):
            "candidates of \(plugins.map(\.description).joined(separator: " and ")) would be tried at once, and nobody "
                + "could say whose fault a fault is; promote one or roll it back first."
        case .tooMany(let count):
            "\(count) sets of plugins would have to serve side by side, and a host holds \(RolloutPlan.setsMax): let "
                + "pinned businesses share versions, or unpin some."
        }
    }
}
