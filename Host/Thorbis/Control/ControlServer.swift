import Foundation
import HostModel
import NIOCore
import NIOPosix

/// The host's end of ``ControlSocket``: one question a connection, one connection at a time.
struct ControlServer {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    typealias Listener = NIOAsyncChannel<Connection, Never>

    let data: DataFolder
    let plugins: ServingPlugins
    let group: MultiThreadedEventLoopGroup

    /// Who may connect: the owner of the file.
    private static let mode = 0o600
    /// How long a question may take to arrive: the next connection waits for it.
    private static let patience: TimeAmount = .seconds(5)

    /// Opens the socket.
    func start() async throws -> Listener {
        let path = ControlSocket.path(in: data)
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
                for try await connection in connections { await answer(connection) }
            }
        } catch {
            // The listener is gone because the host stops; there is nobody to tell.
        }
        try? FileManager.default.removeItem(atPath: ControlSocket.path(in: data))
    }

    private func answer(_ connection: Connection) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                let channel = connection.channel
                let late = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
                guard let line = try await ControlSocket.line(inbound) else { return }
                late.cancel()
                let answer = await answer(to: (try? JSONParser.parse(line)).flatMap { ControlRequest($0) })
                try await outbound.write(ByteBuffer(bytes: answer.utf8 + [ControlSocket.newline]))
            }
        } catch {
            // Whoever asked has gone; a reload that it asked for is done all the same.
        }
    }

    private func answer(to request: ControlRequest?) async -> JSONValue {
        switch request {
        case nil: return ControlAnswer.failure("this host doesn't know the command; is it of another version?")
        case .list: return ControlAnswer.plugins(plugins.generations)
        case .obeyQuarantine: return await answer(to: .reload(again: []))
        case .reload, .prepare, .commit, .abort:
            do {
                return try await reload(request)
            } catch let failure as CommandFailure {
                return ControlAnswer.failure(failure.message)
            } catch {
                return ControlAnswer.failure("\(error)")
            }
        }
    }

    /// The commands around a reload; anything else is a question of another kind.
    private func reload(_ request: ControlRequest?) async throws -> JSONValue {
        switch request {
        case .reload(let again):
            let report = try await plugins.reload(again: again)
            return ControlAnswer.plugins(plugins.generations, report)
        case .prepare(let ticket, let again):
            return ControlAnswer.prepared(try await plugins.prepare(ticket, again: again))
        case .commit(let ticket):
            let report = try await plugins.commit(ticket)
            return ControlAnswer.plugins(plugins.generations, report)
        case .abort(let ticket):
            await plugins.abort(ticket)
            return ControlAnswer.done
        case .list, .obeyQuarantine, nil: return ControlAnswer.done
        }
    }
}
