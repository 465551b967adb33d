import NIOCore
import NIOPosix

/// A client that sends exactly the bytes it is told to, so that refusals of the engine can be seen as they are.
struct RawClient {
    private let channel: any Channel
    private let received: ReceivedBytes

    /// - Parameter reads: Whether answers are taken off the socket from the start; else ``startReading()`` does it.
    static func connect(port: Int, group: any EventLoopGroup, reads: Bool = true) async throws -> RawClient {
        let received = ReceivedBytes()
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, received: received)
    }

    func send(_ text: String) async throws {
        do {
            try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        } catch ChannelError.ioOnClosedChannel {
            // The server was quicker to close, as it may be with a short time limit; what it said before counts.
        }
    }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func close() async throws {
        try await channel.close().get()
    }

    /// What came until the server closed the connection.
    func textUntilClosed() async -> String {
        await received.text { _, isClosed in isClosed }
    }

    /// What came until so many answers were complete; heads are counted by their status lines.
    func text(until text: String) async -> String {
        await received.text { bytes, isClosed in isClosed || bytes.contains(text) }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let received: ReceivedBytes

        init(_ received: ReceivedBytes) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(String(buffer: Self.unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) { received.close() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
