package import NIOPosix

/// Hears `NOTIFY` on some channels, over reconnects.
package final class Listener: Sendable {
    /// One message, or the fact that messages may have been missed.
    package enum Event: Sendable, Equatable {
        /// Listening (again). What was sent before this moment may be lost: read the state afresh.
        case listening
        case notification(channel: String, payload: String)
    }

    private let configuration: DatabaseConfiguration
    private let channels: [String]
    private let group: MultiThreadedEventLoopGroup

    /// - Parameter channels: Names of `[a-z0-9_]`.
    package init(
        configuration: DatabaseConfiguration, channels: [String], group: MultiThreadedEventLoopGroup
    ) {
        self.configuration = configuration
        self.channels = channels
        self.group = group
    }

    /// What is heard, until the consuming task ends. Call once.
    package func events() -> AsyncStream<Event> {
        AsyncStream { $0.finish() }
    }
}
