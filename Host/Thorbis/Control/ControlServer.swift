import Foundation
import HostModel
import NIOCore
import NIOPosix

/// The end of a ``ControlSocket`` that answers: one question a connection, a few connections at a time, so that a
/// reload keeps nobody from asking how the host is.
struct ControlServer {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    typealias Listener = NIOAsyncChannel<Connection, Never>

    /// Of the socket.
    let path: String
    let group: MultiThreadedEventLoopGroup
    /// Gives the answer to a question; to nil for one that can't be understood.
    let answer: @Sendable (ControlRequest?) async -> JSONValue

    /// Who may connect: the owner of the file.
    private static let mode = 0o600
    /// Connections that are answered at once; further ones wait.
    private static let connectionsMax = 8
    /// How long a question may take to arrive.
    private static let patience: TimeAmount = .seconds(5)

    /// Opens the socket.
    func start() async throws -> Listener {
        do {
            let listener = try await ServerBootstrap(group: group)
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                    channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
                }
            try FileManager.default.setAttributes([.posixPermissions: Self.mode], ofItemAtPath: path)
            return listener
        } catch {
            throw CommandFailure.environment(
                "can't open \(path) for the operator's commands: \(error). A path of a socket has at most 107 bytes; "
                    + "set THORBIS_DATA to a shorter one.")
        }
    }

    /// Answers until the task is cancelled.
    func run(_ listener: Listener) async {
        do {
            try await listener.executeThenClose { connections in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    var open = 0
                    for try await connection in connections {
                        if open == Self.connectionsMax {
                            try await group.next()
                            open -= 1
                        }
                        open += 1
                        group.addTask { await serve(connection) }
                    }
                }
            }
        } catch {
            // The listener is gone because the process stops; there is nobody to tell.
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    private func serve(_ connection: Connection) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                let channel = connection.channel
                let late = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
                guard let line = try await ControlSocket.line(inbound) else { return }
                late.cancel()
                let answer = await answer((try? JSONParser.parse(line)).flatMap { ControlRequest($0) })
                try await outbound.write(ByteBuffer(bytes: answer.utf8 + [ControlSocket.newline]))
            }
        } catch {
            // Whoever asked has gone; a reload that it asked for is done all the same.
        }
    }
}
