package import HostModel
import NIOCore
package import NIOPosix
import Synchronization

/// One PostgreSQL database: lanes on each event loop for units, and a pool for longer transactions.
///
/// It knows no tenant. Whoever calls sets the scope inside the unit or the transaction, with
/// `set_config(…, is_local => true)`, so that nothing outlives it on a shared connection.
package final class Database: Sendable {
    /// Threads for connecting and cancelling: one slow connect must not hold up a cancel.
    private static let blockingThreadCount = 4

    package let configuration: DatabaseConfiguration
    private let blockingCalls = NIOThreadPool(numberOfThreads: blockingThreadCount)
    /// One thread for each snapshot: none waits for another.
    private let snapshotCalls: NIOThreadPool
    private let snapshotCount = Atomic(0)
    /// One for each loop, which its units share.
    private let lanes: [Lane]
    /// Those of each loop for one unit at a time.
    private let exclusiveLanes: [ExclusiveLanes]
    private let pool: ConnectionPool
    private let turn = Atomic(0)

    /// Has no side effects; ``start()`` connects.
    package init(
        configuration: DatabaseConfiguration, group: MultiThreadedEventLoopGroup, observer: any Observer
    ) {
        let connector = Connector(configuration: configuration, blockingCalls: blockingCalls)
        let loops = Array(group.makeIterator())
        self.configuration = configuration
        snapshotCalls = NIOThreadPool(numberOfThreads: configuration.snapshotMax)
        self.lanes = loops.enumerated().map { number, loop in
            Lane(number: number, loop: loop, connector: connector, observer: observer)
        }
        self.exclusiveLanes = loops.enumerated().map { number, loop in
            let first = loops.count + number * configuration.exclusiveMax
            let lanes = (first..<first + configuration.exclusiveMax).map { number in
                Lane(number: number, loop: loop, connector: connector, observer: observer)
            }
            return ExclusiveLanes(
                lanes, loop: loop, shareMax: configuration.exclusiveShareMax, queueMax: configuration.queueMax,
                grace: configuration.lineGrace)
        }
        self.pool = ConnectionPool(loops: loops, connector: connector)
    }

    /// Connects the shared lanes; the exclusive ones connect when they are needed. From then
    /// on they come back by themselves after a loss.
    ///
    /// - Throws: `.unavailable` when the database couldn't be reached within the connect time-out; call
    ///   ``close()`` then too.
    package func start() async throws(DatabaseError) {
        blockingCalls.start()
        snapshotCalls.start()
        let starts = lanes.map { $0.start() }
        for start in starts {
            do {
                try await start.get()
            } catch {
                throw error as? DatabaseError ?? DatabaseError(.unavailable, detail: "\(error)")
            }
        }
    }

    /// Whether units can be sent now; asked from any thread.
    package var isReachable: Bool { lanes.contains(where: \.isConnected) }

    /// Runs a unit on a lane of the event loop we are on; from elsewhere on one of another, in turn.
    ///
    /// On a task whose executor is the loop it costs no change of thread. A unit that was rolled back only because
    /// a cancel of its neighbour came late, or because a plan went stale, is sent once more by itself.
    package func run(_ unit: DatabaseUnit) async throws(DatabaseError) -> [Rows] {
        let loop = loopHere
        // Sound: a lane finishes every unit exactly once.
        let outcome: PendingUnit.Outcome = unsafe await withUnsafeContinuation { continuation in
            let pending = unsafe PendingUnit(unit, mayRetry: true, continuation: continuation)
            if unit.isExclusive { exclusiveLanes[loop].submit(pending) } else { lanes[loop].submit(pending) }
        }
        return try outcome.get()
    }

    /// The place of a loop's lanes.
    private var loopHere: Int {
        for (place, lane) in lanes.enumerated() where lane.loop.inEventLoop { return place }
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return Int(UInt(bitPattern: turn) % UInt(lanes.count))
    }

    /// Runs `body` in a transaction: kept when it returns, undone when it throws.
    ///
    /// - Parameters:
    ///   - deadline: For all of it, waiting for a connection included.
    ///   - share: Whose it is, and how long it waits for a connection at most.
    ///   - counting: Told what the statements change: before it may be kept, and once its outcome is known, before this
    ///     returns or throws.
    package func transaction<T>(
        deadline: Duration, share: Share = .host, counting: ((SQLEffects) -> Void)? = nil,
        _ body: (DatabaseTransaction) async throws -> T
    ) async throws -> T {
        let end = NIODeadline.now() + TimeAmount(deadline)
        let lease = try await pool.checkOut(until: end, share)
        defer { pool.checkIn(lease) }
        let transaction = DatabaseTransaction(connection: lease.connection, deadline: end)
        defer { counting?(transaction.effects) }
        do {
            let value = try await body(transaction)
            counting?(transaction.effects)
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollBack()
            throw error
        }
    }

    /// Runs `body` on one moment of the database, read only, on a connection of its own that is closed afterwards.
    ///
    /// - Parameter deadline: For all of it; the server is told to stop then.
    /// - Throws: `.queueFull` when there are ``DatabaseConfiguration/snapshotMax`` of them already.
    package func snapshot<T>(
        deadline: Duration, _ body: (DatabaseSnapshot) async throws -> T
    ) async throws -> T {
        let others = snapshotCount.wrappingAdd(1, ordering: .relaxed).oldValue
        defer { snapshotCount.wrappingSubtract(1, ordering: .relaxed) }
        guard others < configuration.snapshotMax else {
            throw DatabaseError(.queueFull, detail: "\(others) snapshots are being read")
        }
        let snapshot = try await DatabaseSnapshot.begin(
            configuration, until: .now() + TimeAmount(deadline), threads: snapshotCalls, cancelThreads: blockingCalls)
        do {
            let value = try await body(snapshot)
            await snapshot.end()
            return value
        } catch {
            await snapshot.end()
            throw error
        }
    }

    /// Closes every connection; units and transactions in flight fail.
    package func close() async {
        for lane in lanes { lane.close() }
        for lanes in exclusiveLanes { lanes.close() }
        pool.close()
        do {
            try await snapshotCalls.shutdownGracefully()
            try await blockingCalls.shutdownGracefully()
        } catch {
            // It was never started, or is shut down already: either way nothing of ours runs there.
        }
    }
}
