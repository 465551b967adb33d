import Foundation
import HostAuth
import HostModel
import Testing

struct RightsDigestTests {
    private static func principal(
        _ roles: [[(String, PermissionScope)]], tier: Tier = .starter, veil: CustomVeil = .none
    ) -> Principal {
        let definitions = roles.map { grants in
            RoleDefinition(
                name: "r",
                grants: grants.compactMap { grant in
                    PermissionPattern(grant.0).map { RoleDefinition.Grant(pattern: $0, scope: grant.1) }
                })
        }
        return Principal(
            business: BusinessID(UUID()), user: UserID(UUID()), session: SessionID(UUID()), roles: ["x"],
            permissions: PermissionSet(roles: definitions), tier: tier, veil: veil,
            expires: Timestamp(microseconds: 0))
    }

    @Test func `the same rights have one digest, whoever has them and in whichever order`() {
        let one: [(String, PermissionScope)] = [("hs.*", .business), ("core.*.read", .own)]
        let other: [(String, PermissionScope)] = [("core.item.read", .business)]
        let veil = CustomVeil(["a.b": ["x", "y"], "a.c": ["z"]])
        #expect(Self.principal([one, other]).rights == Self.principal([other, one.reversed()]).rights)
        #expect(Self.principal([one], veil: veil).rights == Self.principal([one], veil: veil).rights)
    }

    @Test func `whatever grants, allows or hides something else has another one`() {
        let one: [(String, PermissionScope)] = [("hs.*", .business)]
        let all = [
            Self.principal([]), Self.principal([[]]), Self.principal([one]), Self.principal([one, []]),
            Self.principal([[("hs.*", .own)]]), Self.principal([[("hs.*.read", .business)]]),
            Self.principal([one + [("core.*", .business)]]), Self.principal([one, [("core.*", .business)]]),
            Self.principal([one], tier: .enterprise), Self.principal([one], veil: CustomVeil(["a.b": ["x"]])),
            Self.principal([one], veil: CustomVeil(["a.b": ["y"]])),
            Self.principal([one], veil: CustomVeil(["a.b": ["x", "y"]])),
            Self.principal([one], veil: CustomVeil(["a.b": ["x,1:y"]])),
            Self.principal([one], veil: CustomVeil(["a.b": ["x"], "a.c": ["x"]])),
        ]
        #expect(Set(all.map(\.rights)).count == all.count)
    }

    @Test func `own records matter to who has a grant for them, in any role`() {
        #expect(!Self.principal([[("hs.*", .business)]]).permissions.reachesOwn)
        #expect(Self.principal([[("hs.*", .business)], [("core.x.read", .own)]]).permissions.reachesOwn)
        #expect(!Self.principal([]).permissions.reachesOwn)
    }
}
