import Foundation
import HostModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// One connection of a load: kept open from request to request, and made anew when the server closed it in between.
///
/// Every request ends in an answer or an error within ``timeout``, so that failures can be counted exactly. For one
/// request at a time.
actor LoadConnection {
    private static let timeout = TimeAmount.seconds(30)

    private let client: HTTPClient
    private var channel: (any Channel)?

    init(_ client: HTTPClient) {
        self.client = client
    }

    /// - Throws: ``ConnectionLost`` for a request that the server took and never answered, or what NIO says of a
    ///   server that takes no connection.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, headers: [(String, String)] = []
    ) async throws -> Answer {
        let channel = try await open()
        let promise = channel.eventLoop.makePromise(of: Answer.self)
        let request = LoadRequest(head: head(method, path, headers), body: body?.utf8, answer: promise)
        // Fails only where no handler took the request any more; one that took it keeps the promise itself.
        channel.writeAndFlush(request).whenFailure { promise.fail($0) }
        return try await promise.futureResult.get()
    }

    func close() async {
        try? await channel?.close().get()
    }

    private func head(_ method: HTTPMethod, _ path: String, _ headers: [(String, String)]) -> HTTPRequestHead {
        var fields = HTTPHeaders([("Host", "\(client.baseURL.host() ?? ""):\(client.baseURL.port ?? 0)")])
        if let token = client.token { fields.add(name: "Authorization", value: "Bearer \(token)") }
        fields.add(contentsOf: headers)
        return HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields)
    }

    private func open() async throws -> any Channel {
        if let channel, channel.isActive { return channel }
        let host = try #require(client.baseURL.host())
        let port = try #require(client.baseURL.port)
        let made = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandlers([
                        IdleStateHandler(readTimeout: Self.timeout), LoadExchange(),
                    ])
                }
            }
            .connect(host: host, port: port).get()
        channel = made
        return made
    }
}

private struct LoadRequest: Sendable {
    var head: HTTPRequestHead
    let body: [UInt8]?
    let answer: EventLoopPromise<Answer>
}

/// Writes one request at a time and collects the parts of its answer.
private final class LoadExchange: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = LoadRequest
    typealias OutboundOut = HTTPClientRequestPart

    private var waiting: EventLoopPromise<Answer>?
    private var head: HTTPResponseHead?
    private var bytes: [UInt8] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var request = unwrapOutboundIn(data)
        promise?.succeed()
        // Closed in this very turn of the loop: nobody would tell.
        guard context.channel.isActive else { return request.answer.fail(ConnectionLost()) }
        waiting = request.answer
        if let body = request.body {
            request.head.headers.add(name: "Content-Type", value: "application/json")
            request.head.headers.add(name: "Content-Length", value: "\(body.count)")
        }
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        if let body = request.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, bytes) = (head, [])
        case .body(let buffer): bytes.append(contentsOf: buffer.readableBytesView)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head, let waiting else { return context.close(promise: nil) }
        (self.head, self.waiting) = (nil, nil)
        // Before the next request can be sent on it.
        if !head.isKeepAlive { context.close(promise: nil) }
        let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
        waiting.succeed(Answer(status: Int(head.status.code), headers: headers, bytes: bytes))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent, waiting != nil { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        waiting?.fail(ConnectionLost())
        waiting = nil
    }
}
