import HostGateway
import HostModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers with what the path asks for, so that the engine can be tested without routes.
final class PathResponder: HTTPResponder {
    /// Requests that `/hold` keeps until they are let go or cancelled.
    let held = Mutex<[CheckedContinuation<Void, Never>]>([])
    let cancelled = ReceivedBytes()
    let arrived = ReceivedBytes()
    /// The body of `/large`.
    static let largeBytes = 262_144

    func match(_ head: HTTPRequestHead) -> String { head.uri }
    func bodyBytesMax(_ match: String) -> Int { match == "/small" ? 8 : 1_024 }
    func deadline(_ match: String) -> Duration { match == "/late" ? .milliseconds(20) : .seconds(5) }

    func respond(to request: HTTPRequest, _ match: String) async -> HTTPResponse {
        if let stream = stream(match) {
            return HTTPResponse(status: 200, contentType: .other("text/plain"), body: .stream(stream))
        }
        switch match {
        case "/hold", "/late": await hold(match)
        case "/large":
            arrived.append(".")
            return .json(Array(repeating: UInt8(ascii: "7"), count: Self.largeBytes))
        case "/echo": return .json(Array(request.body.readableBytesView))
        default: break
        }
        return .json(Array("{\"path\":\"\(match)\"}".utf8))
    }

    func answer(to error: any Error, id: RequestID) -> HTTPResponse {
        ProblemDocument.response(error as? Problem ?? Problem(.internalError, ""), id: id)
    }

    func refuse(_ problem: Problem, id: RequestID) -> HTTPResponse { ProblemDocument.response(problem, id: id) }

    func releaseAll() {
        for continuation in held.withLock({ held in
            defer { held = [] }; return held
        }) { continuation.resume() }
    }

    private func hold(_ path: String) async {
        arrived.append(path)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                held.withLock { $0.append(continuation) }
                // Cancelled before there was anything to let go.
                if Task.isCancelled { releaseAll() }
            }
        } onCancel: {
            cancelled.append(path)
            releaseAll()
        }
    }
}

/// A server on a free port of the loopback interface, stopped when the test's body ends.
enum TestServer {
    struct Running: Sendable {
        let port: Int
        let server: HTTPServer<PathResponder>
        let responder: PathResponder
        let group: MultiThreadedEventLoopGroup

        func client(reads: Bool = true) async throws -> RawClient {
            try await .connect(port: port, group: group, reads: reads)
        }

        /// Sends the text on a connection of its own; the answer is all that came until the server closed.
        func exchange(_ text: String) async throws -> String {
            let client = try await client()
            try await client.send(text)
            return await client.textUntilClosed()
        }
    }

    static func with(
        _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (Running) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration(listening: .address(host: "127.0.0.1", port: 0))
        configuration.drainGrace = .milliseconds(20)
        change(&configuration)
        let group = MultiThreadedEventLoopGroup.singleton
        let responder = PathResponder()
        let server = HTTPServer(
            configuration: configuration, responder: responder, group: group, clock: SystemClock())
        let listener = try await server.bind()
        let running = Running(
            port: listener.localAddress?.port ?? 0, server: server, responder: responder, group: group)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await server.run(listener) }
            do {
                try await body(running)
            } catch {
                tasks.cancelAll()
                throw error
            }
            responder.releaseAll()
            server.stop()
        }
    }
}
