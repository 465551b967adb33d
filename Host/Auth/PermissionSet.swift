package import HostModel

/// Everything that a principal may do: the union of its roles, the wider scope winning.
///
/// Default-deny. It shares the compiled roles of its ``RoleCatalogue``, so one for each cached credential costs an
/// array of references and not a table.
package struct PermissionSet: Sendable {
    /// One role, compiled: a table of the permissions known at start, and the patterns for any others.
    struct Role: Sendable {
        let table: [Permission: PermissionScope]
        let grants: [RoleDefinition.Grant]
        /// Stands for all that it grants.
        let text: String
        let reachesOwn: Bool

        init(grants: [RoleDefinition.Grant], known: [Permission]) {
            self.grants = grants
            text = RightsDigest.text(of: grants)
            reachesOwn = grants.contains { $0.scope == .own }
            var table: [Permission: PermissionScope] = [:]
            for permission in known { table[permission] = Self.scope(of: permission, in: grants) }
            self.table = table
        }

        func scope(of permission: Permission) -> PermissionScope? {
            table[permission] ?? Self.scope(of: permission, in: grants)
        }

        private static func scope(of permission: Permission, in grants: [RoleDefinition.Grant]) -> PermissionScope? {
            grants.lazy.filter { $0.pattern.matches(permission) }.map(\.scope).max()
        }
    }

    private let roles: [Role]

    init(compiled roles: [Role]) {
        self.roles = roles
    }

    /// A set for these definitions alone; ``RoleCatalogue/permissions(for:)`` is the way at run time.
    package init(roles definitions: [RoleDefinition], known: [Permission] = []) {
        roles = definitions.map { Role(grants: $0.grants, known: known) }
    }

    /// May do nothing.
    package static let none = PermissionSet(compiled: [])

    /// A text for each role that stands for what it grants.
    var grantTexts: [String] { roles.map(\.text) }

    /// Whether anything that is granted reaches one's own records only, so that answers depend on who asks.
    package var reachesOwn: Bool { roles.contains { $0.reachesOwn } }

    /// How far the permission reaches; nil when it isn't granted.
    package func scope(of permission: Permission) -> PermissionScope? {
        var widest: PermissionScope?
        for role in roles {
            guard let scope = role.scope(of: permission) else { continue }
            if scope == .business { return .business }
            widest = scope
        }
        return widest
    }

    /// The scope of a permission that the request can't do without.
    ///
    /// - Throws: `forbidden` with the member `permission`.
    package func require(_ permission: Permission) throws(Problem) -> PermissionScope {
        guard let scope = scope(of: permission) else {
            throw Problem(
                .forbidden, "Your role doesn't include \(permission).",
                members: ["permission": .string(permission.description)])
        }
        return scope
    }
}
