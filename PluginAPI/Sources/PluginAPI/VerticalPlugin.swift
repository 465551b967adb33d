/// A plugin as the host sees it. Since 1.0.
///
/// The generator writes the conforming type: it decodes the input, calls the handler that the plugin's author wrote,
/// and encodes the output. The host makes no assumption about threads: several tasks may call at once.
public protocol VerticalPlugin: Sendable {
    /// What the plugin says it is; the host compares it with the manifest before any traffic.
    var descriptor: PluginDescriptor { get }

    /// Performs an operation that the manifest declares, within the operation's time limit.
    ///
    /// Called only while the plugin is active or draining. Everything done through `call` is one transaction:
    /// it is committed when this returns and rolled back when it throws.
    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value

    /// Tries what the plugin computes, and refuses when it comes out wrong. Since 1.3.
    ///
    /// The host calls it once for each library, before it loads it: in a process of its own, without a business, a
    /// database or a network. Start and test together take at most two seconds. A library whose test refuses, traps or
    /// hangs isn't loaded, and what served goes on.
    func selfTest() async throws(Refusal)
}

extension VerticalPlugin {
    /// Passes: what a plugin of before 1.3, and one without a test, answers with. Since 1.3.
    public func selfTest() async throws(Refusal) {}
}

/// What a loaded plugin says of itself. Since 1.0.
public struct PluginDescriptor: Hashable, Sendable {
    /// The manifest's `id`.
    public let id: String
    /// The manifest's `version`.
    public let version: String
    /// SHA-256 of the manifest's bytes that the code was generated from, in lower-case hexadecimal.
    public let manifestDigest: String
    /// The names of the operations that have handlers, sorted.
    public let operations: [String]

    /// Made by generated code.
    public init(id: String, version: String, manifestDigest: String, operations: [String]) {
        self.id = id
        self.version = version
        self.manifestDigest = manifestDigest
        self.operations = operations
    }
}

/// Carries a plugin through the C entry, which can hand over only an object. Since 1.0.
public final class PluginBox: Sendable {
    /// The plugin.
    public let plugin: any VerticalPlugin

    /// Wraps a plugin.
    public init(_ plugin: any VerticalPlugin) {
        self.plugin = plugin
    }

    /// Gives the object to the caller of the C entry, who owns the one reference in it.
    public static func handOver(_ plugin: any VerticalPlugin) -> UnsafeMutableRawPointer {
        unsafe Unmanaged.passRetained(PluginBox(plugin)).toOpaque()
    }
}

/// The version of this interface. Since 1.0.
public enum PluginAPIVersion {
    /// Changes when old plugins can't be loaded any more.
    public static let major = 1
    /// Grows with each addition.
    public static let minor = 3
}
