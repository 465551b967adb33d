package import HostModel

/// The manifests of one host, each after the ones it requires, with every name across them resolved.
package struct ManifestSet: Hashable, Sendable {
    /// Required plugins come first.
    package let manifests: [Manifest]

    /// For a list that is already ordered and checked.
    init(checked manifests: [Manifest]) {
        self.manifests = manifests
    }

    package subscript(plugin: PluginID) -> Manifest? { manifests.first { $0.id == plugin } }

    package func entity(_ reference: EntityReference) -> Entity? { self[reference.plugin]?.entity(reference.name) }
}
