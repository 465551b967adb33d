import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import Testing

/// What a host says of the rows, when it can't serve all of what they ask for.
struct RolloutStandingTests {
    private let host = UUID()

    private func version(_ text: String) throws -> PackageVersion {
        PackageVersion(version: try #require(SemanticVersion(text)), digest: "digest of \(text)")
    }

    private func plugin(_ id: String) throws -> PluginID { try #require(PluginID(id)) }

    private func rollout(_ id: String, candidate: String? = nil, revision: Int64 = 1) throws -> Rollout {
        Rollout(
            plugin: try plugin(id), stable: try version("1.0.0"), candidate: try candidate.map(version), percent: 10,
            revision: revision, state: candidate == nil ? .settled : .rolling)
    }

    private func pin(_ id: String, _ text: String) throws -> PluginPin {
        PluginPin(business: BusinessID(UUID()), plugin: try plugin(id), package: try version(text))
    }

    /// Outcome and detail of each plugin.
    private func answers(_ standing: RolloutStanding, _ desired: DesiredPlugins) -> [String] {
        standing.acknowledgements(of: desired, by: host).map { answer in
            "\(answer.plugin) \(answer.revision) \(answer.outcome.rawValue) \(answer.detail)"
        }
    }

    @Test func `a host that serves everything says so of every row`() throws {
        let desired = DesiredPlugins(
            rollouts: [try rollout("hs", candidate: "1.1.0", revision: 7), try rollout("lend")], pins: [])
        let standing = RolloutStanding(plan: try RolloutPlan(desired))
        #expect(answers(standing, desired) == ["hs 7 serves ", "lend 1 serves "])
        #expect(standing.stopped(of: desired).isEmpty)
    }

    @Test func `a candidate that can't be served is refused and stopped, and nothing else is`() throws {
        let desired = DesiredPlugins(
            rollouts: [try rollout("hs", candidate: "1.1.0", revision: 7), try rollout("lend")], pins: [])
        let standing = RolloutStanding(plan: try RolloutPlan(desired), failures: [1: "TP2406"])
        #expect(answers(standing, desired) == ["hs 7 refused TP2406", "lend 1 serves "])
        #expect(standing.stopped(of: desired).map(\.rollout.revision) == [7])
        #expect(standing.stopped(of: desired).map(\.reason) == ["TP2406"])
    }

    @Test func `a pinned version that can't be served is refused, and stops nobody's rollout`() throws {
        let desired = DesiredPlugins(
            rollouts: [try rollout("hs", candidate: "1.1.0"), try rollout("lend")], pins: [try pin("lend", "0.9.0")])
        let standing = RolloutStanding(plan: try RolloutPlan(desired), failures: [2: "not here"])
        #expect(answers(standing, desired) == ["hs 1 serves ", "lend 1 refused not here"])
        #expect(standing.stopped(of: desired).isEmpty)
    }

    @Test func `a stable set that can't be served, and what stands in for one, is told`() throws {
        let desired = DesiredPlugins(rollouts: [try rollout("hs", candidate: "1.1.0"), try rollout("lend")], pins: [])
        let plan = try RolloutPlan(desired)
        let failed = RolloutStanding(plan: plan, failures: [0: "no core"])
        #expect(answers(failed, desired) == ["hs 1 refused no core", "lend 1 refused no core"])
        #expect(failed.stopped(of: desired).isEmpty, "the candidate isn't to blame")
        let replaced = RolloutStanding(plan: plan, replacements: [try plugin("lend"): "quarantined"])
        #expect(answers(replaced, desired) == ["hs 1 serves ", "lend 1 refused quarantined"])
    }

    @Test func `of two candidates at once neither is served, both are stopped, and the stable versions go on`() throws {
        let desired = DesiredPlugins(
            rollouts: try ["hs", "lend"].map { try rollout($0, candidate: "1.1.0") }, pins: [try pin("hs", "0.9.0")])
        let (plan, problem) = RolloutPlan.best(for: desired)
        #expect(plan.sets.count == 2, "the pin is served still")
        #expect(plan.choice?.canary == nil)
        let standing = RolloutStanding(plan: plan, problem: problem)
        #expect(standing.stopped(of: desired).map(\.rollout.plugin.description) == ["hs", "lend"])
        #expect(standing.acknowledgements(of: desired, by: host).map(\.outcome) == [.refused, .refused])
    }

    @Test func `too many sets cost the candidate its service, and too many pins theirs, but never the stable set`()
        throws
    {
        let pins = try (1...3).map { try pin("hs", "0.\($0).0") }
        let one = DesiredPlugins(rollouts: [try rollout("hs", candidate: "1.1.0")], pins: pins)
        let (plan, problem) = RolloutPlan.best(for: one)
        #expect(plan.sets.count == 4)
        #expect(plan.choice?.canary == nil)
        #expect(RolloutStanding(plan: plan, problem: problem).stopped(of: one).count == 1)
        let many = DesiredPlugins(
            rollouts: [try rollout("hs"), try rollout("lend")], pins: try pins + [pin("hs", "0.4.0")])
        let (rest, why) = RolloutPlan.best(for: many)
        #expect(rest.sets == [[try plugin("hs"): try version("1.0.0"), try plugin("lend"): try version("1.0.0")]])
        let standing = RolloutStanding(plan: rest, problem: why)
        #expect(standing.acknowledgements(of: many, by: host).map(\.outcome) == [.refused, .serves])
        #expect(standing.stopped(of: many).isEmpty)
    }
}
