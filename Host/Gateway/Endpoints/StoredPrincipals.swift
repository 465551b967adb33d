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
        roles = RoleCatalogue(definitions: RoleDefinition.all(of: manifests), permissions: permissions)
    }

    func principal(for claims: AccessClaims) async throws(Problem) -> Principal {
        let facts = try await sessions.facts(of: claims)
        return Principal(
            business: claims.business, user: claims.user, session: claims.session, roles: facts.roles,
            permissions: roles.permissions(for: facts.roles), tier: facts.business.tier, veil: facts.veil,
            expires: claims.expires)
    }
}
