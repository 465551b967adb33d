import Foundation
import HostModel
import NIOCore
import NIOPosix

/// The control socket of a host that doesn't exist, beside those of real ones: it answers as the test says.
final class FakeHost: Sendable {
    private let listener: any Channel
    private let path: String

    /// - Parameter answer: Of the question's `do`; nil to end without a word, as a host does that dies.
    static func start(
        in folder: URL, _ answer: @escaping @Sendable (_ question: String) -> JSONValue?
    ) async throws -> FakeHost {
        let path = folder.appending(path: "control-1.sock").path()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(answer: answer))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        return FakeHost(listener, path)
    }

    private init(_ listener: any Channel, _ path: String) {
        self.listener = listener
        self.path = path
    }

    func stop() async {
        try? await listener.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    /// One question a connection, which comes in one piece.
    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: @Sendable (String) -> JSONValue?

        init(answer: @escaping @Sendable (String) -> JSONValue?) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView.prefix { $0 != UInt8(ascii: "\n") })
            let question = (try? JSONParser.parse(bytes))?["do"]?.string ?? ""
            guard let answer = answer(question) else { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.utf8 + [UInt8(ascii: "\n")])), promise: nil)
        }
    }
}
