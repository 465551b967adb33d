import HostModel
import HostTenancy
import Testing

struct FeatureGateTests {
    private let dispatch: FeatureName
    private let gate: FeatureGate

    init() throws {
        let plugin = try #require(PluginID("hs"))
        dispatch = FeatureName(plugin: plugin, name: "dispatch")
        gate = FeatureGate(tiers: [dispatch: .professional])
    }

    @Test(arguments: [Tier.professional, .enterprise, .fortune500])
    func `a tier has the features of those below it`(tier: Tier) {
        #expect(throws: Never.self) { try gate.require(dispatch, in: tier) }
    }

    @Test func `below its tier a feature is refused with what is needed`() throws {
        let problem = try #require(throws: Problem.self) { try gate.require(dispatch, in: .starter) }
        #expect(problem.code == .featureNotInTier)
        #expect(problem.members == ["feature": "hs.dispatch", "required_tier": "professional"])
    }

    @Test func `a feature that nobody declares is in no tier`() throws {
        let unknown = FeatureName(plugin: dispatch.plugin, name: "teleport")
        let problem = try #require(throws: Problem.self) { try gate.require(unknown, in: .fortune500) }
        #expect(problem.code == .featureNotInTier)
        #expect(problem.members["required_tier"] == .null)
    }

    @Test func `limits grow from tier to tier and end at the top`() {
        let users = Tier.allCases.map { TierLimits(of: $0).usersMax }
        #expect(users == [5, 25, nil, nil])
        let calls = Tier.allCases.map { TierLimits(of: $0).apiCallsPerMonthMax }
        #expect(calls == [1_000, 10_000, 100_000, nil])
        #expect(TierLimits(of: .starter).storageBytesMax == 1_000_000_000)
    }
}
