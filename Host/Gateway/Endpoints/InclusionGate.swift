import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostTenancy

/// Decides which included records a caller sees.
///
/// A referenced record needs the right to read its entity: the one of its own plugin (`core.party.read`), or of a mount
/// of it in the plugin whose route is asked (`hs.customers.read`), which shows what the mount shows. Both count
/// together; records out of reach are null. Lines belong to their document and need nothing more.
struct InclusionGate: Sendable {
    /// The plugin whose route is asked.
    let manifest: Manifest
    /// The manifests whose entities may be included.
    let set: ManifestSet
    let features: FeatureGate

    /// - Throws: `forbidden` with the permission that is missing, `feature_not_in_tier`.
    func opened(_ selection: RecordSelection, for principal: Principal) throws(Problem) -> RecordSelection {
        guard !selection.includes.isEmpty else { return selection }
        var selection = selection
        selection.viewer = principal.user
        selection.includes = try opened(selection.includes, principal)
        return selection
    }

    private func opened(_ includes: [Included], _ principal: Principal) throws(Problem) -> [Included] {
        var opened: [Included] = []
        for var included in includes {
            included.nested = try self.opened(included.nested, principal)
            if case .reference = included.inclusion.link {
                included.access = try access(to: included.inclusion.entity, principal)
            }
            opened.append(included)
        }
        return opened
    }

    private func access(to entity: EntityReference, _ principal: Principal) throws(Problem) -> [Included.Access] {
        let ways = ways(to: entity)
        let granted = ways.compactMap { way in principal.permissions.scope(of: way.permission).map { (way, $0) } }
        guard let first = granted.first else {
            _ = try principal.permissions.require(ways[0].permission)
            return []
        }
        let open = granted.filter { way, _ in way.feature.map { features.allows($0, in: principal.tier) } ?? true }
        if open.isEmpty, let feature = first.0.feature { try features.require(feature, in: principal.tier) }
        return open.map { way, scope in Included.Access(mount: way.mount, isOwn: scope == .own) }
    }

    private struct Way {
        let permission: Permission
        let feature: FeatureName?
        let mount: Mount?
    }

    /// Never empty; the entity's own plugin first.
    private func ways(to entity: EntityReference) -> [Way] {
        let feature = set[entity.plugin]?.entity(entity.name)?.feature
            .map { FeatureName(plugin: entity.plugin, name: $0) }
        let own = Way(permission: Permission("\(entity).read"), feature: feature, mount: nil)
        let mounts = manifest.mounts.filter { $0.entity == entity }.map { mount in
            Way(
                permission: Permission("\(manifest.id).\(mount.route).read"),
                feature: mount.feature.map { FeatureName(plugin: manifest.id, name: $0) }, mount: mount)
        }
        return [own] + mounts
    }
}
