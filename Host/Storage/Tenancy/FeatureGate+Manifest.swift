package import HostManifest
import HostModel
package import HostTenancy

extension FeatureGate {
    /// The features of these manifests.
    package init(_ manifests: ManifestSet) {
        var tiers: [FeatureName: Tier] = [:]
        for manifest in manifests.manifests {
            for feature in manifest.features {
                tiers[FeatureName(plugin: manifest.id, name: feature.name)] = feature.tier
            }
        }
        self.init(tiers: tiers)
    }
}
