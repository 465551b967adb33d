package import Foundation
package import HostModel
package import HostStorage

/// What a host serves of what is wanted, and why not all of it. Pure.
package struct RolloutStanding: Hashable, Sendable {
    package let plan: RolloutPlan
    /// Why everything isn't even planned.
    package let problem: RolloutProblem?
    /// By the number of a set that can't serve here, why; its businesses get the stable one. Those of 0 are about a
    /// stable set that can't: what served before goes on then.
    package let failures: [Int: String]
    /// Stable versions that something else serves for, as with code in quarantine.
    package let replacements: [PluginID: String]

    package init(
        plan: RolloutPlan, problem: RolloutProblem? = nil, failures: [Int: String] = [:],
        replacements: [PluginID: String] = [:]
    ) {
        self.plan = plan
        self.problem = problem
        self.failures = failures
        self.replacements = replacements
    }

    /// What the host says of each row.
    package func acknowledgements(of desired: DesiredPlugins, by host: UUID) -> [RolloutAcknowledgement] {
        desired.rollouts.map { rollout in
            let reasons = reasons(against: rollout, desired)
            return RolloutAcknowledgement(
                host: host, plugin: rollout.plugin, revision: rollout.revision,
                outcome: reasons.isEmpty ? .serves : .refused, detail: reasons.joined(separator: "\n"))
        }
    }

    /// The rollouts that must stop because their candidate can't serve here, each with the reason.
    package func stopped(of desired: DesiredPlugins) -> [(rollout: Rollout, reason: String)] {
        desired.rollouts.compactMap { rollout in
            guard rollout.canary != nil else { return nil }
            guard let canary = plan.choice?.canary, canary.plugin == rollout.plugin else {
                return problem.map { (rollout, $0.description) }
            }
            return failures[canary.set].map { (rollout, $0) }
        }
    }

    private func reasons(against rollout: Rollout, _ desired: DesiredPlugins) -> [String] {
        var reasons: [String] = []
        if let problem, rollout.canary != nil || desired.pins.contains(where: { $0.plugin == rollout.plugin }) {
            reasons.append(problem.description)
        }
        // Nobody can say which plugin keeps the stable set from serving.
        if let stable = failures[0] { reasons.append(stable) }
        if let replacement = replacements[rollout.plugin] { reasons.append(replacement) }
        for (number, failure) in failures.sorted(by: { $0.key < $1.key })
        where number > 0 && plan.sets.indices.contains(number) && plan.plugins(of: number).contains(rollout.plugin) {
            reasons.append(failure)
        }
        return reasons
    }
}
