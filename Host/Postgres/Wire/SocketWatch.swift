import CLinux
import Glibc
import NIOCore
import NIOPosix

/// Tells an event loop when libpq's sockets become ready.
///
/// NIO can't watch a socket that belongs to somebody else, so the kernel is asked to signal the loop's thread
/// (`O_ASYNC`, SIGIO blocked there), and NIO reads those signals from a `signalfd` as if it were a pipe: a request
/// and its database unit stay on one thread. Handing answers over from a thread with its own `epoll` was measured at
/// three quarters of the throughput. Signals merge, so each wake-up looks at all connections of the loop, with
/// `poll`, until none is ready: then nothing can be missed, and what comes later signals again.
///
/// `@unchecked Sendable`: touched only on its loop.
final class SocketWatch: @unchecked Sendable {
    /// A signal belongs to a thread, so one reader per thread: two would take each other's signals.
    private static let ofThisThread = ThreadSpecificVariable<SocketWatch>()
    /// After so many rounds others on the loop get their turn.
    private static let roundsMax = 16

    private let loop: any EventLoop
    private var channel: (any Channel)?
    private var connections: [Connection] = []
    private var polls: [pollfd] = []

    private init(loop: any EventLoop) {
        self.loop = loop
    }

    /// The watch of the loop we are on, made when its first connection comes.
    static func current(on loop: any EventLoop) throws(DatabaseError) -> SocketWatch {
        loop.preconditionInEventLoop()
        if let watch = ofThisThread.currentValue { return watch }
        let watch = SocketWatch(loop: loop)
        try watch.open()
        ofThisThread.currentValue = watch
        return watch
    }

    private func open() throws(DatabaseError) {
        let descriptor = thorbis_signal_descriptor()
        guard descriptor >= 0 else { throw DatabaseError(.unavailable, detail: "signalfd: errno \(errno)") }
        NIOPipeBootstrap(group: loop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(SignalReader(watch: self))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .assumeIsolated()
            .whenComplete { [self] outcome in
                switch outcome {
                case .success(let channel): opened(channel)
                case .failure: _ = Glibc.close(descriptor)
                }
            }
    }

    private func opened(_ channel: any Channel) {
        // The first connection is added only after this, so an empty watch is no reason to close here.
        self.channel = channel
        drain()
    }

    func add(_ connection: Connection) throws(DatabaseError) {
        guard thorbis_signal_this_thread(connection.socket) == 0 else {
            throw DatabaseError(.unavailable, detail: "F_SETOWN_EX: errno \(errno)")
        }
        connections.append(connection)
        polls.append(pollfd(fd: connection.socket, events: 0, revents: 0))
        // What came before the signal was asked for has signalled nobody.
        loop.execute { self.drain() }
    }

    func remove(_ connection: Connection) {
        guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
        thorbis_signal_nobody(polls[index].fd)
        connections.remove(at: index)
        polls.remove(at: index)
        closeIfUnused()
    }

    private func closeIfUnused() {
        guard connections.isEmpty, let channel else { return }
        if Self.ofThisThread.currentValue === self { Self.ofThisThread.currentValue = nil }
        self.channel = nil
        channel.close(promise: nil)
    }

    /// Serves every connection of the loop until none is ready.
    func drain() {
        for connection in connections { connection.takeAnswers() }
        for _ in 0..<Self.roundsMax {
            let ready = readyConnections()
            if ready.isEmpty { return }
            for connection in ready { connection.socketIsReady() }
        }
        loop.execute { self.drain() }
    }

    private func readyConnections() -> [Connection] {
        for index in polls.indices {
            polls[index].events = Int16(POLLIN | (connections[index].isFlushPending ? POLLOUT : 0))
        }
        // Sound: the array is ours and stays where it is during the call; with time-out 0 poll doesn't wait.
        let count = unsafe poll(&polls, nfds_t(polls.count), 0)
        guard count > 0 else { return [] }
        return polls.indices.filter { polls[$0].revents != 0 }.map { connections[$0] }
    }
}

/// Drops the signals' contents: that one came is all there is to know.
private final class SignalReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let watch: SocketWatch

    init(watch: SocketWatch) {
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelReadComplete(context: ChannelHandlerContext) {
        watch.drain()
    }
}
