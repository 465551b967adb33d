package import HostAuth
package import HostManifest
import HostModel

extension RoleDefinition {
    /// What the manifests grant, and the platform's own rights, which no manifest can give: its patterns begin with
    /// the plugin's name.
    package static func all(of manifests: ManifestSet) -> [RoleDefinition] {
        manifests.manifests.flatMap(definitions) + platform
    }

    private static let platform = ["owner", "admin"].map { role in
        RoleDefinition(
            name: role, grants: PermissionPattern("platform.*").map { [Grant(pattern: $0, scope: .business)] } ?? [])
    }

    private static func definitions(_ manifest: Manifest) -> [RoleDefinition] {
        manifest.roles.map { role in
            RoleDefinition(
                name: role.name, grants: role.grants.map { Grant(pattern: pattern($0, manifest), scope: $0.scope) })
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
