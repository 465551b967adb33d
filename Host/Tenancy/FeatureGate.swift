package import HostModel

/// Which tier each feature begins at, and the refusal below it.
package struct FeatureGate: Sendable {
    private let tiers: [FeatureName: Tier]

    /// - Parameter tiers: The lowest tier of every feature of the loaded manifests.
    package init(tiers: [FeatureName: Tier]) {
        self.tiers = tiers
    }

    /// The lowest tier that has the feature; nil for one that no manifest declares.
    package func requiredTier(of feature: FeatureName) -> Tier? { tiers[feature] }

    package func allows(_ feature: FeatureName, in tier: Tier) -> Bool {
        guard let required = tiers[feature] else { return false }
        return required <= tier
    }

    /// - Throws: `feature_not_in_tier` with the members `feature` and `required_tier`. An undeclared feature is in no
    ///   tier: `required_tier` is null.
    package func require(_ feature: FeatureName, in tier: Tier) throws(Problem) {
        guard !allows(feature, in: tier) else { return }
        let required = requiredTier(of: feature)
        throw Problem(
            .featureNotInTier,
            required.map { "\(feature) needs the tier \($0.rawValue) or higher." } ?? "\(feature) isn't available.",
            members: [
                "feature": .string(feature.description),
                "required_tier": required.map { .string($0.rawValue) } ?? .null,
            ])
    }
}
