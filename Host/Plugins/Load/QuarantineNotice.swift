import HostManifest
package import HostModel
import PluginAPI

/// Why a plugin's code isn't run.
package struct QuarantineNotice: Hashable, Sendable {
    /// For people: what it did, or who said so.
    package let reason: String
    package let since: HostModel.Timestamp
    /// SHA-256 of the library that is left out, lower-case hexadecimal.
    package let digest: String

    package init(reason: String, since: HostModel.Timestamp, digest: String) {
        self.reason = reason
        self.since = since
        self.digest = digest
    }
}

/// What stands for a plugin in quarantine. Its operations are refused before they come here.
struct QuarantinedPlugin: VerticalPlugin {
    let descriptor: PluginDescriptor

    init(_ manifest: Manifest) {
        descriptor = PluginDescriptor(
            id: manifest.id.description, version: manifest.version.description, manifestDigest: manifest.digest,
            operations: [])
    }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        throw Refusal(Problem.pluginQuarantined(nil))
    }
}

extension Problem {
    /// Seconds after which it may be another version that serves; nobody knows.
    private static let quarantineRetry: Duration = .seconds(60)

    /// The code of the plugin was taken out of service; its records weren't.
    static func pluginQuarantined(_ plugin: PluginID?) -> Problem {
        Problem(
            .pluginQuarantined,
            "This operation is out of service for now; it was taken out because its code failed. Nothing was changed.",
            members: plugin.map { ["plugin": .string($0.description)] } ?? [:], retryAfter: quarantineRetry)
    }
}
