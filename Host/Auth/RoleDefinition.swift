package import HostModel

/// What one plugin grants to a role; the same role name in several plugins adds up in the ``RoleCatalogue``.
package struct RoleDefinition: Hashable, Sendable {
    /// Permissions and how far they reach.
    package struct Grant: Hashable, Sendable {
        package let pattern: PermissionPattern
        package let scope: PermissionScope

        package init(pattern: PermissionPattern, scope: PermissionScope) {
            self.pattern = pattern
            self.scope = scope
        }
    }

    /// Snake case, such as `office_manager`.
    package let name: String
    package let grants: [Grant]

    package init(name: String, grants: [Grant]) {
        self.name = name
        self.grants = grants
    }
}
