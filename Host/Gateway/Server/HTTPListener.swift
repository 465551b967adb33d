package import NIOCore

/// Where the connections of an ``HTTPServer`` come from, from its bind to its stop.
package struct HTTPListener: Sendable {
    enum Source: Sendable {
        case channel(any Channel)
        case shared(SharedListener)
    }

    let source: Source

    /// Nil for a socket that was inherited: whoever bound it knows its address.
    package var localAddress: SocketAddress? {
        switch source {
        case .channel(let channel): channel.localAddress
        case .shared: nil
        }
    }
}
