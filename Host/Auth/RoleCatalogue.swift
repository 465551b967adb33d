package import HostModel

/// The roles of all loaded plugins, merged by name and compiled once against every permission that they declare.
package struct RoleCatalogue: Sendable {
    private let roles: [String: PermissionSet.Role]

    /// - Parameters:
    ///   - definitions: Of every plugin, in any order; equal names add up.
    ///   - permissions: All that routes and operations ask for; others still work, by pattern, more slowly.
    package init(definitions: [RoleDefinition], permissions: [Permission]) {
        let grants = Dictionary(grouping: definitions, by: \.name).mapValues { $0.flatMap(\.grants) }
        roles = grants.mapValues { PermissionSet.Role(grants: $0, known: permissions) }
    }

    /// Every role's name, sorted.
    package var names: [String] { roles.keys.sorted() }

    package func contains(_ role: String) -> Bool { roles[role] != nil }

    /// The union of the roles; a name that no plugin defines grants nothing.
    package func permissions(for names: [String]) -> PermissionSet {
        PermissionSet(compiled: names.compactMap { roles[$0] })
    }
}
