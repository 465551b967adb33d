import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import Testing

/// Which set of plugins serves a business.
struct SnapshotChoiceTests {
    private static let businesses = (0..<10_000).map { number in
        BusinessID(UUID(uuidString: String(format: "0190f3f0-0000-7000-8000-%012x", number)) ?? UUID())
    }

    private func choice(_ percent: Int, _ listed: Set<BusinessID> = [], plugin: String = "hs") throws -> SnapshotChoice
    {
        SnapshotChoice(
            canary: .init(plugin: try #require(PluginID(plugin)), percent: percent, businesses: listed, set: 1))
    }

    private func taken(_ percent: Int, plugin: String = "hs") throws -> Set<BusinessID> {
        let choice = try choice(percent, plugin: plugin)
        return Set(Self.businesses.filter { choice.set(for: $0) == 1 })
    }

    @Test(arguments: [1, 10, 50, 90]) func `a percentage takes about that many businesses`(percent: Int) throws {
        let share = Double(try taken(percent).count) / 100
        #expect(abs(share - Double(percent)) < 1.5, "\(share)")
    }

    @Test func `none and all are exact`() throws {
        #expect(try taken(0).isEmpty)
        #expect(try taken(100).count == Self.businesses.count)
    }

    @Test func `a higher percentage takes every business that a lower one took`() throws {
        var before: Set<BusinessID> = []
        for percent in stride(from: 5, through: 100, by: 5) {
            let now = try taken(percent)
            #expect(now.isSuperset(of: before))
            before = now
        }
    }

    @Test func `another plugin tries other businesses first`() throws {
        let both = try taken(10).intersection(try taken(10, plugin: "lend")).count
        #expect(both < 200, "of 1,000 each, 100 by chance")
    }

    @Test func `a listed business is taken at no percent, a pinned one at no percentage at all`() throws {
        let (listed, pinned) = (Self.businesses[0], Self.businesses[1])
        #expect(try choice(0, [listed]).set(for: listed) == 1)
        let choice = SnapshotChoice(
            pinned: [pinned: 2],
            canary: .init(plugin: try #require(PluginID("hs")), percent: 100, businesses: [pinned], set: 1))
        #expect(choice.set(for: pinned) == 2)
        #expect(choice.set(for: listed) == 1)
    }
}

/// The sets that a host needs.
struct RolloutPlanTests {
    private func version(_ text: String) throws -> PackageVersion {
        PackageVersion(version: try #require(SemanticVersion(text)), digest: "digest of \(text)")
    }

    private func plugin(_ id: String) throws -> PluginID { try #require(PluginID(id)) }

    private func rollout(
        _ id: String, stable: String, candidate: String? = nil, state: Rollout.State = .rolling
    ) throws -> Rollout {
        Rollout(
            plugin: try plugin(id), stable: try version(stable), candidate: try candidate.map(version), percent: 10,
            state: candidate == nil ? .settled : state)
    }

    @Test func `nothing wanted is one set of the node's own versions`() throws {
        let plan = try RolloutPlan(.nothing)
        #expect(plan.sets == [[:]])
        #expect(plan.choice == nil)
    }

    @Test func `a settled row is one set, a candidate makes a second, one that was taken back none`() throws {
        let settled = try RolloutPlan(DesiredPlugins(rollouts: [rollout("hs", stable: "1.0.0")], pins: []))
        #expect(settled.sets == [[try plugin("hs"): try version("1.0.0")]])
        #expect(settled.choice == nil)
        let rolling = try rollout("hs", stable: "1.0.0", candidate: "1.1.0")
        let other = try rollout("lend", stable: "2.0.0")
        let plan = try RolloutPlan(DesiredPlugins(rollouts: [rolling, other], pins: []))
        #expect(plan.sets.count == 2)
        #expect(plan.sets[1][try plugin("hs")] == (try version("1.1.0")))
        #expect(plan.sets[1][try plugin("lend")] == (try version("2.0.0")))
        #expect(plan.choice?.canary?.set == 1)
        let back = try rollout("hs", stable: "1.0.0", candidate: "1.1.0", state: .rolledBack)
        #expect(try RolloutPlan(DesiredPlugins(rollouts: [back], pins: [])).sets.count == 1)
    }

    @Test func `businesses that are pinned alike share a set, also with the candidate`() throws {
        let ids = (0..<4).map { _ in BusinessID(UUID()) }
        let rolling = try rollout("hs", stable: "1.0.0", candidate: "1.1.0")
        let pins = try zip(ids, ["0.9.0", "0.9.0", "1.1.0", "1.0.0"]).map { id, text in
            PluginPin(business: id, plugin: try plugin("hs"), package: try version(text))
        }
        let plan = try RolloutPlan(DesiredPlugins(rollouts: [rolling], pins: pins))
        #expect(plan.sets.count == 3)
        #expect(ids.map { plan.choice?.set(for: $0) } == [2, 2, 1, 0])
    }

    @Test func `two candidates at once, and more sets than a host holds, are refused with the reason`() throws {
        let both = try ["hs", "lend"].map { try rollout($0, stable: "1.0.0", candidate: "1.1.0") }
        let several = #expect(throws: RolloutProblem.self) {
            _ = try RolloutPlan(DesiredPlugins(rollouts: both, pins: []))
        }
        #expect(several?.description.contains("candidates of hs and lend") == true)
        let pins = try (1...4).map { number in
            PluginPin(business: BusinessID(UUID()), plugin: try plugin("hs"), package: try version("0.\(number).0"))
        }
        let settled = try rollout("hs", stable: "1.0.0")
        let tooMany = #expect(throws: RolloutProblem.self) {
            _ = try RolloutPlan(DesiredPlugins(rollouts: [settled], pins: pins))
        }
        #expect(tooMany?.description.contains("5 sets") == true)
        #expect(try RolloutPlan(DesiredPlugins(rollouts: [settled], pins: Array(pins.dropLast()))).sets.count == 4)
    }
}
