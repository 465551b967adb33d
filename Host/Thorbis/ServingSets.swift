import HostManifest
import HostModel
import HostPlugins
import HostStorage

/// The sets of plugins in service, and who gets which. Never changes; a change is another value.
struct ServingSets: Sendable {
    let plan: RolloutPlan
    /// The plan's set 0.
    let stable: PluginSet
    /// By their numbers in the plan, without those that can't serve here: their businesses get the stable one.
    let others: [Int: PluginSet]
    /// Why a set of the plan isn't among ``others``, by its number.
    let failures: [Int: String]

    /// Each once, the stable one first.
    var all: [PluginSet] { [stable] + others.sorted { $0.key < $1.key }.map(\.value) }

    /// What serves a business; nil for whoever has none yet.
    func set(for business: BusinessID?) -> PluginSet {
        guard let business, let choice = plan.choice else { return stable }
        return others[choice.set(for: business)] ?? stable
    }

    /// As the plan numbers them from 1, with the stable one in the place of those that can't serve; none, when all
    /// would be the stable one.
    var numbered: [PluginSet] {
        others.isEmpty ? [] : plan.sets.indices.dropFirst().map { others[$0] ?? stable }
    }

    /// Stable versions that something else serves for, with the reason.
    var replacements: [PluginID: String] {
        var reasons: [PluginID: String] = [:]
        for plugin in stable.versions.keys { reasons[plugin] = stable.replacement(of: plugin) }
        return reasons
    }
}
