import NIOCore
import Synchronization

/// A bounded set of connections, each lent to one transaction at a time.
final class ConnectionPool: Sendable {
    /// A connection that nobody else uses until it is given back.
    struct Lease: Sendable {
        let id: Int
        let connection: Connection
    }

    /// How often those who have waited for longer than they like are looked at.
    private static let tick = TimeAmount.milliseconds(25)

    private typealias Outcome = Swift.Result<Lease, DatabaseError>
    private typealias Waiter = CheckedContinuation<Outcome, Never>

    private struct Guarded {
        var state: PoolState<Waiter>
        var connections: [Int: Connection] = [:]
        var lastTicket: UInt64 = 0
    }

    private let loops: [any EventLoop]
    private let connector: Connector
    private let guarded: Mutex<Guarded>

    /// - Parameter loops: Where connections live, in turn; not empty.
    init(loops: [any EventLoop], connector: Connector) {
        self.loops = loops
        self.connector = connector
        let configuration = connector.configuration
        let state = PoolState<Waiter>(
            connectionMax: configuration.poolSize, shareMax: configuration.poolShareMax,
            queueMax: configuration.poolQueueMax, grace: configuration.lineGrace)
        self.guarded = Mutex(Guarded(state: state))
    }

    /// A connection in no transaction, made if none is idle and the bound allows.
    ///
    /// - Throws: `.queueFull` when too many wait, or after the share's time in line; `.deadlineExceeded`.
    func checkOut(until deadline: NIODeadline, _ share: Share) async throws(DatabaseError) -> Lease {
        let likes = share.likes(.now(), deadline: deadline)
        let outcome: Outcome = await withCheckedContinuation { continuation in
            let (ticket, actions) = guarded.withLock { guarded in
                guarded.lastTicket += 1
                return (guarded.lastTicket, guarded.state.request(guarded.lastTicket, continuation, of: share.owner))
            }
            let isDecided = actions.contains { action in
                if case .lease = action { true } else { false }
            }
            if !isDecided {
                look(at: ticket, likes: likes, deadline: deadline, from: likes)
            }
            perform(actions)
        }
        return try outcome.get()
    }

    /// Looks after somebody who waits: first when it has waited for as long as it likes, then again and again.
    private func look(at ticket: UInt64, likes: NIODeadline, deadline: NIODeadline, from moment: NIODeadline) {
        _ = loops[0].scheduleTask(deadline: moment) {
            let now = NIODeadline.now()
            let patience = self.guarded.withLock {
                $0.state.look(at: ticket, likes: likes, deadline: deadline, now)
            }
            self.perform(patience.actions)
            guard patience.isWaiting else { return }
            self.look(at: ticket, likes: likes, deadline: deadline, from: min(deadline, now + Self.tick))
        }
    }

    /// Gives a connection back; one that broke or is still in a transaction is closed.
    func checkIn(_ lease: Lease) {
        lease.connection.loop.execute {
            self.change { $0.state.released(lease.id, isReusable: lease.connection.isIdle) }
        }
    }

    func close() {
        change { $0.state.close() }
    }

    private func change(_ decide: (inout Guarded) -> [PoolState<Waiter>.Action]) {
        perform(guarded.withLock { decide(&$0) })
    }

    private func perform(_ actions: [PoolState<Waiter>.Action]) {
        for action in actions {
            switch action {
            case .lease(let id, let waiter): lend(id, to: waiter)
            case .connect(let id): connect(id)
            case .close(let id): guarded.withLock { $0.connections.removeValue(forKey: id) }?.close()
            case .fail(let waiter, let error): waiter.resume(returning: .failure(error))
            }
        }
    }

    private func lend(_ id: Int, to waiter: Waiter) {
        guard let connection = guarded.withLock({ $0.connections[id] }) else {
            let error = DatabaseError(.unavailable, detail: "the connection was lost")
            waiter.resume(returning: .failure(error))
            return change { $0.state.released(id, isReusable: false) }
        }
        waiter.resume(returning: .success(Lease(id: id, connection: connection)))
    }

    private func connect(_ id: Int) {
        let loop = loops[id % loops.count]
        connector.connect(on: loop).whenComplete { [self] outcome in
            do {
                let connection = try outcome.get()
                try connection.begin(onLoss: { [weak self] _ in self?.lost(id) })
                guarded.withLock { $0.connections[id] = connection }
                change { $0.state.connected(id) }
            } catch {
                let reason = error as? DatabaseError ?? DatabaseError(.unavailable, detail: "\(error)")
                change { $0.state.connectFailed(id, reason) }
            }
        }
    }

    private func lost(_ id: Int) {
        change { guarded in
            guarded.connections[id] = nil
            return guarded.state.lost(id)
        }
    }
}
