import HostManifest
import HostModel
import PluginAPI

/// Compares what a live plugin says of itself with the manifest it was loaded for.
struct DescriptorCheck {
    let manifest: Manifest

    func check(_ descriptor: PluginDescriptor) throws(PluginRefusal) {
        try check("id", descriptor.id, manifest.id.description)
        try check("version", descriptor.version, manifest.version.description)
        try check("manifest digest", descriptor.manifestDigest, manifest.digest)
        let declared = Set(manifest.operations.map(\.name))
        let handled = Set(descriptor.operations)
        if let name = declared.subtracting(handled).min() {
            throw refuse(.operations, "The operation \(name) is declared and has no handler.")
        }
        if let name = handled.subtracting(declared).min() {
            throw refuse(.operations, "The operation \(name) has a handler and isn't declared.")
        }
    }

    private func check(_ what: String, _ found: String, _ expected: String) throws(PluginRefusal) {
        if found == expected { return }
        throw refuse(.descriptor, "The plugin says its \(what) is \(found); its manifest says \(expected).")
    }

    private func refuse(_ rule: PluginRule, _ message: String) -> PluginRefusal {
        PluginRefusal(rule, plugin: manifest.id.description, message)
    }
}
