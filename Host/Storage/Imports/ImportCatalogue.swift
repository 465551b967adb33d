package import HostManifest
package import HostModel
package import HostSQL

/// What files can be imported into: the entities that record routes write, under their own name or a mount's.
package struct ImportCatalogue: Sendable {
    /// One of them.
    package struct Target: Sendable {
        /// `core.party`, or `hs.customers` for a mount: starts the permissions.
        package let name: String
        package let plan: EntityPlan
        package let feature: (plugin: PluginID, name: String)?

        /// The right to a verb: `import`, `create`, `update`.
        package func permission(_ verb: String) -> Permission { Permission("\(name).\(verb)") }
    }

    private var targets: [String: Target] = [:]
    /// Entities that only operations write: their rules are code, which a file would go around. And lines that come
    /// with their document, whose version a file would pass by.
    private var closed: Set<String> = []
    package let manifests: ManifestSet

    package init(_ manifests: ManifestSet) {
        self.manifests = manifests
        for manifest in manifests.manifests {
            let replaced = Set(manifest.operations.compactMap(\.replacesCreateOf))
            for entity in manifest.entities {
                let name = "\(manifest.id).\(entity.name)"
                guard entity.isWrittenByRoutes, !replaced.contains(entity.name) else {
                    closed.insert(name)
                    continue
                }
                let reference = EntityReference(plugin: manifest.id, name: entity.name)
                add(name, EntityPlan(reference, in: manifests), manifest.id, entity.feature)
            }
            for mount in manifest.mounts where manifests.entity(mount.entity)?.isWrittenByRoutes == true {
                let plan = EntityPlan(mount.entity, in: manifests, mount: (manifest.id, mount))
                add("\(manifest.id).\(mount.route)", plan, manifest.id, mount.feature)
            }
        }
    }

    private mutating func add(_ name: String, _ plan: EntityPlan?, _ plugin: PluginID, _ feature: String?) {
        guard let plan else { return }
        targets[name] = Target(name: name, plan: plan, feature: feature.map { (plugin, $0) })
    }

    /// All of them, by name.
    package var all: [Target] { targets.values.sorted { $0.name < $1.name } }

    /// - Throws: `validation_failed` at `/entity`, for what isn't there and for what only operations write.
    package func target(_ name: String) throws(Problem) -> Target {
        if let target = targets[name] { return target }
        guard !closed.contains(name) else {
            throw .invalid(
                "/entity", "not_importable",
                "Records of \(name) are made by operations or with their document, which check more than a file has.")
        }
        throw .invalid("/entity", "unknown_entity", "There is no \(name) to import into; name it as in core.party.")
    }
}
