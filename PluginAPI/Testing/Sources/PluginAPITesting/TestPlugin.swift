public import PluginAPI

/// A plugin under test, with what its manifest says of entities and subscriptions.
public struct TestPlugin: Sendable {
    /// The plugin, such as `CoreDispatch(handlers: Core())`.
    public let plugin: any VerticalPlugin
    /// Its entities.
    public let entities: [EntityRules]
    /// Its operations by the qualified name of the event that they are called for.
    public let subscriptions: [String: String]

    /// Describes a plugin.
    public init(_ plugin: any VerticalPlugin, entities: [EntityRules], subscriptions: [String: String] = [:]) {
        self.plugin = plugin
        self.entities = entities
        self.subscriptions = subscriptions
    }
}

/// An event that an operation published.
public struct PublishedEvent: Hashable, Sendable {
    /// The qualified name, such as `core.invoice.paid`.
    public let name: String
    /// Its fields.
    public let payload: Record
}
