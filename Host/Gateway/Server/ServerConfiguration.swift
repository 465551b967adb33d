import NIOCore

/// What the HTTP engine allows and for how long. Every bound of the edge stands here.
package struct ServerConfiguration: Sendable {
    /// Where connections come from.
    package enum Listening: Sendable {
        /// A name or address to bind; port 0 lets the kernel choose.
        case address(host: String, port: Int)
        /// A socket that listens already, given by the supervisor; owned by the server from then on.
        case inherited(descriptor: CInt)
    }

    package var listening: Listening
    /// Connections waiting in the kernel to be accepted.
    package var backlog: Int32 = 1_024
    /// Open connections; more are answered 503 and closed.
    package var connectionsMax = 10_000
    /// Names and values of one head together; more is 431.
    package var headerBytesMax = 16_384
    /// Header fields of one head; more is 431.
    package var headerCountMax = 100
    /// A body above this needs room in ``bodyRoomBytes``.
    package var largeBodyBytes = 1_048_576
    /// Large bodies of all connections together; one more is 503.
    package var bodyRoomBytes = 268_435_456
    /// From the first byte of a head to its end.
    package var headerTimeout: Duration = .seconds(10)
    /// From the head to the end of the body.
    package var bodyTimeout: Duration = .seconds(30)
    /// Between two requests of one connection; also how long a client may leave an answer unread.
    package var idleTimeout: Duration = .seconds(75)
    /// How long a client may leave a streamed answer unread; then its connection is cut.
    package var streamStallTimeout: Duration = .seconds(30)
    /// How long a request may go on after it was cancelled for taking too long.
    package var cancelGrace: Duration = .seconds(1)
    /// How long bytes are still read and dropped after a refused request, so that the client sees the answer.
    package var lingerTimeout: Duration = .seconds(1)
    /// After a stop: how long kept-alive connections may still send a request, answered with `Connection: close`.
    package var drainGrace: Duration = .milliseconds(1_500)
    /// After a stop: how long requests in flight may take before their connections are cut.
    package var drainLimit: Duration = .seconds(20)

    package init(listening: Listening) {
        self.listening = listening
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let parts = duration.components
        self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}
