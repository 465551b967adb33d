import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Accepts from a socket that other processes accept from too, on a thread of its own.
///
/// NIO's listener takes it for granted that a connection which woke it is still there; of two processes that wake, one
/// finds that the other has it, and a debug build of NIO ends then.
final class SharedListener: Sendable {
    /// What accepting waits after the process has run out of descriptors: they come back as connections end.
    private static let shortageMicroseconds: UInt32 = 10_000

    /// What accepting waits after each connection, so that other processes get theirs. Of 64 connections that came at
    /// once one of two processes took 55 or 63 without it, and then had nearly all the work.
    private static let turnMicroseconds: UInt32 = 100

    private let socket: CInt
    private let thread = NIOThreadPool(numberOfThreads: 1)
    /// Its reading end becomes ready when accepting is to end.
    private let stopReading: CInt
    private let stopWriting: CInt
    private let ended: EventLoopPromise<Void>
    private let isStopped = Atomic(false)

    /// - Parameters:
    ///   - socket: Listens; closed when accepting has ended.
    ///   - accepted: Takes each connection's descriptor over; called on the thread.
    init(socket: CInt, loop: any EventLoop, accepted: @escaping @Sendable (CInt) -> Void) throws {
        var ends: [CInt] = [-1, -1]
        // Sound: the call writes two numbers into an array of two.
        guard unsafe pipe(&ends) == 0 else { throw IOError(errnoCode: errno, reason: "pipe") }
        self.socket = socket
        (stopReading, stopWriting) = (ends[0], ends[1])
        ended = loop.makePromise()
        for descriptor in [socket, stopReading, stopWriting] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        // Who finds that another process was faster must not wait for the next connection.
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
        thread.start()
        thread.submit { [self] _ in
            accept(accepted)
            ended.succeed(())
        }
    }

    /// Accepts no more, and closes the socket in this process; what waits in the kernel is the others' from here on.
    /// The second time it does nothing.
    func stop() async {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 0
        // Sound: one byte is read from a local.
        _ = unsafe write(stopWriting, &byte, 1)
        // The promise is always kept.
        try? await ended.futureResult.get()
        // It can only fail because it was shut down before.
        try? await thread.shutdownGracefully()
        for descriptor in [socket, stopReading, stopWriting] { close(descriptor) }
    }

    private func accept(_ accepted: (CInt) -> Void) {
        var watched = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopReading, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            // Sound: both entries live through the call.
            _ = unsafe poll(&watched, 2, -1)
            if watched[1].revents != 0 { return }
            let connection = Glibc.accept(socket, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                accepted(connection)
                usleep(Self.turnMicroseconds)
            } else if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM {
                usleep(Self.shortageMicroseconds)
            }
        }
    }
}
