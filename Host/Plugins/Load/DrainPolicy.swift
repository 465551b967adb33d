import HostManifest

/// How long operations may go on that began with a generation which serves no more. Pure.
package enum DrainPolicy {
    /// Beside the longest operation's own limit: its rollback and its answer.
    static let margin: Duration = .seconds(2)

    /// Nothing that is sound is at work for longer: an operation, and all that it leads to, is refused past the limit
    /// of the one that the request named.
    package static func limit(of plugins: PluginSnapshot) -> Duration {
        let limits = plugins.manifests.manifests.flatMap { $0.operations.map(\.limits.timeout) }
        return (limits.max() ?? .zero) + margin
    }
}
