import Foundation
import HostAuth
import HostManifest
import HostModel
import HostStorage
import HostTenancy
import Testing

// The bytes are spliced inside of the gateway; over HTTP only an owner could be tested, who may do everything.
@testable import HostGateway

struct RecordActionsTests {
    private static let id = RecordID(UUID(uuid: (1, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1)))
    private static let maker = UserID(UUID())

    /// The action names and reasons that a role sees.
    private func offered(
        _ status: String, _ grants: [(String, PermissionScope)], tier: Tier = .starter, user: UserID = maker,
        featureTier: Tier = .starter
    ) throws -> [String: String] {
        let text = try ending(status, grants, tier: tier, user: user, featureTier: featureTier)
        let json = try JSONParser.parse(Array("{\"id\":1".utf8) + text)
        let actions = try #require(json["_actions"]?.array)
        return Dictionary(
            uniqueKeysWithValues: actions.map { ($0["name"]?.string ?? "", $0["reason"]?.string ?? "") })
    }

    private func ending(
        _ status: String, _ grants: [(String, PermissionScope)], tier: Tier, user: UserID, featureTier: Tier
    ) throws -> [UInt8] {
        let set = try GatewayFixture.manifests()
        let plugin = try #require(PluginID("hs"))
        let manifest = try #require(set[plugin])
        let entity = try #require(manifest.entity("work_order"))
        let group = try #require(RecordGroup(entity, of: manifest, in: set))
        let tiers = Dictionary(
            uniqueKeysWithValues: manifest.features.map {
                (FeatureName(plugin: manifest.id, name: $0.name), featureTier)
            })
        let actions = try #require(RecordActions(group, of: manifest, features: FeatureGate(tiers: tiers)))
        let role = RoleDefinition(
            name: "test",
            grants: grants.compactMap { grant in
                PermissionPattern(grant.0).map { RoleDefinition.Grant(pattern: $0, scope: grant.1) }
            })
        let principal = Principal(
            business: BusinessID(UUID()), user: user, session: SessionID(UUID()), roles: ["test"],
            permissions: PermissionSet(roles: [role]), tier: tier, expires: Timestamp(microseconds: 0))
        let standing = RecordStanding(status: status, maker: Self.maker.description)
        return actions.ending(Self.id, standing, for: principal)
    }

    @Test func `the status decides, and a reason is asked for where it is declared`() throws {
        let all = [("hs.*", PermissionScope.business)]
        #expect(try offered("draft", all) == ["schedule": "none", "cancel": "required"])
        #expect(
            try offered("scheduled", all) == [
                "schedule": "none", "start": "optional", "hold": "required", "cancel": "required",
            ])
        #expect(try offered("completed", all) == ["invoice": "none", "reopen": "required"])
        #expect(try offered("paid", all) == [:])
        #expect(try offered("no such status", all) == [:])
    }

    @Test func `a transition whose operation has no route of the record isn't offered`() throws {
        // `pay` is applied by an operation that only an event calls.
        #expect(try offered("invoiced", [("hs.*", .business)]) == [:])
    }

    @Test func `rights decide, and own is for the maker alone`() throws {
        #expect(try offered("scheduled", [("hs.work_order.start", .business)]) == ["start": "optional"])
        #expect(try offered("scheduled", [("hs.work_order.read", .business)]) == [:])
        let own = [("hs.work_order.start", PermissionScope.own), ("hs.work_order.hold", .business)]
        #expect(try offered("scheduled", own) == ["start": "optional", "hold": "required"])
        #expect(try offered("scheduled", own, user: UserID(UUID())) == ["hold": "required"])
    }

    @Test func `a feature above the tier offers nothing`() throws {
        let all = [("hs.*", PermissionScope.business)]
        #expect(try offered("draft", all, tier: .professional, featureTier: .enterprise) == [:])
        #expect(try offered("draft", all, tier: .enterprise, featureTier: .enterprise).count == 2)
    }

    @Test func `each action names its route`() throws {
        let text = try ending(
            "scheduled", [("hs.work_order.hold", .business)], tier: .starter, user: Self.maker, featureTier: .starter)
        #expect(
            String(decoding: text, as: UTF8.self) == """
                ,"_actions":[{"name":"hold","method":"POST","href":"/api/hs/app/v1/work-orders/\(Self.id)/actions/hold",\
                "reason":"required"}]}
                """)
    }

    @Test func `an entity without statuses has none`() throws {
        let set = try GatewayFixture.manifests()
        let plugin = try #require(PluginID("hs"))
        let manifest = try #require(set[plugin])
        let entity = try #require(manifest.entity("territory"))
        let group = try #require(RecordGroup(entity, of: manifest, in: set))
        let actions = RecordActions(group, of: manifest, features: FeatureGate(tiers: [:]))
        #expect(actions == nil)
    }
}
