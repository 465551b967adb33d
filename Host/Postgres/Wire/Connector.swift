import NIOCore
import NIOPosix

/// Makes connections without blocking a loop: libpq connects on a thread, and the loop takes over.
struct Connector: Sendable {
    let configuration: DatabaseConfiguration
    /// Threads for libpq's blocking calls: connecting and cancelling.
    let blockingCalls: NIOThreadPool

    /// A connection that belongs to `loop` and hasn't begun yet; fails with a ``DatabaseError``.
    func connect(on loop: any EventLoop) -> EventLoopFuture<Connection> {
        blockingCalls.runIfActive(eventLoop: loop) { try configuration.open() }
            .map { Connection($0, loop: loop, configuration: configuration, blockingCalls: blockingCalls) }
    }
}

extension Connection {
    /// Runs a unit and waits for its answer.
    func run(_ unit: DatabaseUnit, mayRetry: Bool) async throws(DatabaseError) -> [Rows] {
        // Sound: every unit that is submitted is finished exactly once.
        let outcome: PendingUnit.Outcome = unsafe await withUnsafeContinuation { continuation in
            unsafe submit(PendingUnit(unit, mayRetry: mayRetry, continuation: continuation))
        }
        return try outcome.get()
    }
}
