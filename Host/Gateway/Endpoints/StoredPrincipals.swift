import HostAuth
import HostManifest
import HostModel
import HostStorage

/// The rights of signed-in users: roles and tier from the database, what the roles grant from the manifests.
struct StoredPrincipals: PrincipalSource {
    private let sessions: SessionStore
    private let roles: RoleCatalogue

    /// - Parameter permissions: All that routes ask for; roles are worked out against them once.
    init(sessions: SessionStore, manifests: ManifestSet, permissions: [Permission]) {
        self.sessions = sessions
        roles = RoleCatalogue(
            definitions: manifests.manifests.flatMap(Self.definitions) + Self.platform, permissions: permissions)
    }

    func principal(for claims: AccessClaims) async throws(Problem) -> Principal {
        let facts = try await sessions.facts(of: claims)
        return Principal(
            business: claims.business, user: claims.user, session: claims.session, roles: facts.roles,
            permissions: roles.permissions(for: facts.roles), tier: facts.business.tier, expires: claims.expires)
    }

    /// The platform's own rights; a plugin's manifest can't give them, since its patterns begin with its name.
    private static let platform = ["owner", "admin"].map { role in
        RoleDefinition(
            name: role,
            grants: PermissionPattern("platform.*").map { [RoleDefinition.Grant(pattern: $0, scope: .business)] } ?? [])
    }

    private static func definitions(_ manifest: Manifest) -> [RoleDefinition] {
        manifest.roles.map { role in
            RoleDefinition(
                name: role.name,
                grants: role.grants.map { RoleDefinition.Grant(pattern: pattern($0, manifest), scope: $0.scope) })
        }
    }

    /// A grant lost here would lock people out and say nothing. A checked manifest has none that isn't a pattern.
    private static func pattern(_ grant: Role.Grant, _ manifest: Manifest) -> PermissionPattern {
        guard let pattern = PermissionPattern(plugin: manifest.id, grant.pattern) else {
            preconditionFailure("the grant \(grant.pattern) of \(manifest.id) passed the checks of the manifest")
        }
        return pattern
    }
}
