import HostManifest
import HostModel
import PluginAPI

/// A plugin that is all manifest: it declares no operation, so there is nothing for a library to do.
struct DeclaredPlugin: VerticalPlugin {
    let descriptor: PluginDescriptor

    /// Nil for a manifest that declares operations: those need a library with their handlers.
    init?(_ manifest: Manifest) {
        guard manifest.operations.isEmpty else { return nil }
        descriptor = PluginDescriptor(
            id: manifest.id.description, version: manifest.version.description, manifestDigest: manifest.digest,
            operations: [])
    }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        throw .notFound("There is no operation \(operation).")
    }
}
