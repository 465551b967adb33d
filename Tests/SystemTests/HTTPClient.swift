import Foundation
import HostModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// One answer, with its body read as JSON when it is JSON.
struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let bytes: [UInt8]

    var json: JSONValue { (try? JSONParser.parse(bytes)) ?? .null }
    /// A problem's code.
    var code: String? { json["code"]?.string }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    func header(_ name: String) -> String? { headers[name.lowercased()] }
}

/// A person or a program at the other end: an address and, once signed in, a token.
///
/// Stands on NIO: Foundation's URLSession blocks the threads that tasks run on, and on two cores that is all of them.
struct HTTPClient: Sendable {
    let baseURL: URL
    var token: String?

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, body: nil, headers: headers)
    }

    func post(_ path: String, _ body: JSONValue = [:], headers: [String: String] = [:]) async throws -> Answer {
        try await send("POST", path, body: body.utf8, headers: headers)
    }

    func patch(_ path: String, _ body: JSONValue, version: Int64?) async throws -> Answer {
        let headers = version.map { ["If-Match": "\"\($0)\""] } ?? [:]
        return try await send("PATCH", path, body: body.utf8, headers: headers)
    }

    /// Sends a request on a connection of its own; a body goes as JSON unless a content type is given.
    func send(_ method: String, _ path: String, body: [UInt8]?, headers: [String: String]) async throws -> Answer {
        let host = try #require(baseURL.host())
        let port = try #require(baseURL.port)
        var fields = HTTPHeaders([("Host", "\(host):\(port)"), ("Connection", "close")])
        if let body {
            fields.add(name: "Content-Length", value: "\(body.count)")
            fields.add(name: "Content-Type", value: "application/json")
        }
        if let token { fields.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { fields.replaceOrAdd(name: name, value: value) }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: Self.escaped(path), headers: fields)
        return try await exchange(head, body, host: host, port: port)
    }

    private func exchange(
        _ head: HTTPRequestHead, _ body: [UInt8]?, host: String, port: Int
    ) async throws -> Answer {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.next().makePromise(of: Answer.self)
        do {
            let channel = try await ClientBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(promise))
                    }
                }
                .connect(host: host, port: port).get()
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            if let body {
                channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
            }
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        } catch {
            promise.fail(error)
        }
        return try await promise.futureResult.get()
    }

    /// Brackets of `filter[…]` stand in URLs only escaped.
    private static func escaped(_ path: String) -> String {
        path.replacing("[", with: "%5B").replacing("]", with: "%5D").replacing(" ", with: "%20")
    }
}

/// Collects the parts of one answer.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<Answer>
    private var head: HTTPResponseHead?
    private var bytes: [UInt8] = []

    init(_ promise: EventLoopPromise<Answer>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let buffer): bytes.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return promise.fail(ConnectionLost()) }
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
            promise.succeed(Answer(status: Int(head.status.code), headers: headers, bytes: bytes))
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ConnectionLost())
    }
}

struct ConnectionLost: Error {}
