package import HostModel

/// A feature with its plugin: `hs.dispatch`.
package struct FeatureName: Hashable, Sendable, CustomStringConvertible {
    package let plugin: PluginID
    package let name: String

    package init(plugin: PluginID, name: String) {
        self.plugin = plugin
        self.name = name
    }

    package var description: String { "\(plugin).\(name)" }
}
