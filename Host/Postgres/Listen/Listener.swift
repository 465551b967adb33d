import HostModel
import NIOCore
package import NIOPosix

/// Hears `NOTIFY` on some channels, over reconnects.
package final class Listener: Sendable {
    /// One message, or the fact that messages may have been missed.
    package enum Event: Sendable, Equatable {
        /// Listening (again). What was sent before this moment may be lost: read the state afresh.
        case listening
        case notification(channel: String, payload: String)
    }

    /// Events kept for a slow reader; above that the oldest go, and a `listening` event says so.
    private static let bufferMax = 1_024

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

    /// What is heard, until the consuming task ends; each call listens on a connection of its own.
    package func events() -> AsyncStream<Event> {
        AsyncStream(bufferingPolicy: .bufferingNewest(Self.bufferMax)) { stream in
            let ear = Ear(
                loop: group.next(),
                connector: Connector(configuration: configuration, blockingCalls: .singleton),
                channels: channels, stream: stream)
            stream.onTermination = { _ in ear.close() }
            ear.open()
        }
    }
}

/// The connection behind one stream of events.
///
/// `@unchecked Sendable`: ``open()`` and ``close()`` hop to the loop, all state is touched only there.
private final class Ear: @unchecked Sendable {
    private static let listenTime = Duration.seconds(5)

    private let loop: any EventLoop
    private let connector: Connector
    private let commands: [SQLCommand]
    private let stream: AsyncStream<Listener.Event>.Continuation
    private var life = LaneLife()
    private var generator = SystemRandomNumberGenerator()
    private var connection: Connection?

    init(
        loop: any EventLoop, connector: Connector, channels: [String],
        stream: AsyncStream<Listener.Event>.Continuation
    ) {
        self.loop = loop
        self.connector = connector
        self.stream = stream
        self.commands = channels.map { channel in
            let quoted = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            return SQLCommand(SQLStatement(name: nil, text: "LISTEN \"\(quoted)\""), [])
        }
    }

    func open() {
        loop.execute { self.perform(.started) }
    }

    func close() {
        loop.execute { self.perform(.closed) }
    }

    private func perform(_ event: LaneLife.Event) {
        switch life.on(event, using: &generator) {
        case .none: break
        case .adopt: listen()
        case .connect: connect()
        case .connectAfter(let delay):
            connection = nil
            loop.scheduleTask(in: TimeAmount(delay)) { self.perform(.waited) }
        case .discard:
            connection?.close()
            connection = nil
        }
    }

    private func connect() {
        connector.connect(on: loop).assumeIsolated().whenComplete { [self] outcome in
            do {
                let connection = try outcome.get()
                try connection.begin(
                    onLoss: { [weak self] _ in self?.perform(.lost) },
                    onNotification: { [weak self] in self?.heard(.notification(channel: $0, payload: $1)) })
                self.connection = connection
                perform(.connected)
            } catch {
                perform(.connectFailed)
            }
        }
    }

    private func listen() {
        let unit = DatabaseUnit(commands, deadline: Self.listenTime)
        connection?.submit(
            PendingUnit(unit) { [weak self] outcome in
                guard let self else { return }
                switch outcome {
                case .success: heard(.listening)
                case .failure:
                    connection?.close()
                    perform(.lost)
                }
            })
    }

    private func heard(_ event: Listener.Event) {
        guard case .dropped = stream.yield(event) else { return }
        stream.yield(.listening)
    }
}
