package import HostManifest
package import HostModel
import Synchronization

/// One load of a plugin in this process, and what went through it. Its code stays mapped as long as the process lives.
package final class PluginGeneration: Sendable {
    package enum State: String, Sendable {
        /// New requests go to it.
        case serving
        /// Another one serves; requests that began with this one are still at work.
        case draining
        /// Nobody uses it any more.
        case retired
    }

    /// Counts every load of this process, from 1.
    package let number: Int
    package let plugin: PluginID
    package let version: SemanticVersion
    /// SHA-256 of the bytes that are really mapped, lower-case hexadecimal; the manifest's for a plugin without code.
    package let digest: String

    private let working = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)

    init(number: Int, plugin: PluginID, version: SemanticVersion, digest: String) {
        self.number = number
        self.plugin = plugin
        self.version = version
        self.digest = digest
    }

    /// Operations that are at work.
    package var inFlight: Int { working.load(ordering: .relaxed) }
    /// Operations that ended, refused ones among them.
    package var calls: Int { finished.load(ordering: .relaxed) }
    /// Those that ended in a fault of the plugin or of the host.
    package var faults: Int { failed.load(ordering: .relaxed) }

    func begin() { working.wrappingAdd(1, ordering: .relaxed) }

    func end(isFault: Bool) {
        working.wrappingSubtract(1, ordering: .relaxed)
        finished.wrappingAdd(1, ordering: .relaxed)
        if isFault { failed.wrappingAdd(1, ordering: .relaxed) }
    }
}
