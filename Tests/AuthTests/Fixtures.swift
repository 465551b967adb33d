import Foundation
import HostAuth
import HostModel

/// The instant at which these tests happen.
let start = Timestamp(microseconds: 1_800_000_000_000_000)

/// A clock that stands still.
struct StillClock: WallClock {
    let time: Timestamp
    func now() -> Timestamp { time }
}

func principal(
    business: BusinessID = BusinessID(UUID()), user: UserID = UserID(UUID()), session: SessionID = SessionID(UUID()),
    expires: Timestamp = start + .seconds(900)
) -> Principal {
    Principal(
        business: business, user: user, session: session, roles: ["owner"], permissions: .none, tier: .starter,
        expires: expires)
}

func role(_ name: String, _ grants: [String: PermissionScope]) -> RoleDefinition {
    RoleDefinition(
        name: name,
        grants: grants.compactMap { text, scope in
            PermissionPattern(text).map { RoleDefinition.Grant(pattern: $0, scope: scope) }
        })
}
