package import HostManifest
package import HostSQL

/// The plans of every entity of the loaded manifests, made once.
package struct EntityPlans: Sendable {
    package let manifests: ManifestSet
    private let plans: [EntityReference: EntityPlan]

    package init(_ manifests: ManifestSet) {
        self.manifests = manifests
        var plans: [EntityReference: EntityPlan] = [:]
        for manifest in manifests.manifests {
            for entity in manifest.entities {
                let reference = EntityReference(plugin: manifest.id, name: entity.name)
                plans[reference] = EntityPlan(reference, in: manifests)
            }
        }
        self.plans = plans
    }

    package subscript(reference: EntityReference) -> EntityPlan? { plans[reference] }
}
