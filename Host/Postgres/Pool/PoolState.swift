import Foundation
import NIOCore

/// Who has which connection of a pool, and who waits. Pure: ``ConnectionPool`` does what it decides.
struct PoolState<Waiter> {
    /// Names one connection, from the decision to make it to its end; never used again.
    typealias ConnectionID = Int
    /// Names one request for a connection.
    typealias Ticket = UInt64

    enum Action {
        case lease(ConnectionID, to: Waiter)
        case connect(ConnectionID)
        case close(ConnectionID)
        case fail(Waiter, DatabaseError)
    }

    private enum Standing: Equatable {
        case connecting
        case idle
        /// To whom; nil for the host itself.
        case leased(UUID?)

        var isLeased: Bool { if case .leased = self { true } else { false } }
    }

    private struct Request {
        let ticket: Ticket
        let waiter: Waiter
        let owner: UUID?
    }

    /// What became of somebody who has waited for a while.
    struct Patience {
        var actions: [Action] = []
        /// Whether it still waits, and has to be looked at again.
        var isWaiting = false
    }

    private let connectionMax: Int
    private let shareMax: Int
    private let queueMax: Int
    private var standings: [ConnectionID: Standing] = [:]
    /// The most recently used is last, and goes out first: its caches are warm.
    private var idle: [ConnectionID] = []
    private var waiting: FairQueue<UUID?, Request>
    private var congestion: Congestion
    private var nextID = 0
    private var isClosed = false

    /// - Parameters:
    ///   - connectionMax: How many there are at most.
    ///   - shareMax: How many connections one owner may have at once.
    ///   - queueMax: How many wait at most.
    ///   - grace: See ``Congestion``.
    init(connectionMax: Int, shareMax: Int, queueMax: Int, grace: Duration) {
        self.connectionMax = connectionMax
        self.shareMax = shareMax
        self.queueMax = queueMax
        waiting = FairQueue(countMax: queueMax)
        congestion = Congestion(grace: grace)
    }

    var waitingCount: Int { waiting.count }
    var connectionCount: Int { standings.count }

    /// Somebody wants a connection.
    mutating func request(_ ticket: Ticket, _ waiter: Waiter, of owner: UUID?) -> [Action] {
        if isClosed { return [.fail(waiter, DatabaseError(.unavailable, detail: "the pool is closed"))] }
        if mayTake(owner), let id = idle.popLast() {
            standings[id] = .leased(owner)
            return [.lease(id, to: waiter)]
        }
        let dropped = waiting.add(Request(ticket: ticket, waiter: waiter, owner: owner), of: owner)
        let error = DatabaseError(.queueFull, detail: "\(queueMax) transactions are waiting")
        return (dropped.map { [.fail($0.waiter, error)] } ?? []) + connectIfWanted()
    }

    /// Somebody has waited for as long as it likes, or longer.
    mutating func look(
        at ticket: Ticket, likes: NIODeadline, deadline: NIODeadline, _ now: NIODeadline
    ) -> Patience {
        guard waiting.contains(where: { $0.ticket == ticket }) else { return Patience() }
        guard congestion.sendsAway(likes: likes, deadline: deadline, at: now) else { return Patience(isWaiting: true) }
        let error = DatabaseError(
            deadline <= now ? .deadlineExceeded : .queueFull, detail: "no connection came free in time")
        return Patience(actions: waiting.removeAll { $0.ticket == ticket }.map { .fail($0.waiter, error) })
    }

    private func mayTake(_ owner: UUID?) -> Bool {
        guard let owner else { return true }
        return standings.values.count { $0 == .leased(owner) } < shareMax
    }

    mutating func connected(_ id: ConnectionID) -> [Action] {
        guard standings[id] == .connecting else { return [.close(id)] }
        return offer(id)
    }

    /// All who wait are told at once: the next attempt would hardly do better.
    mutating func connectFailed(_ id: ConnectionID, _ error: DatabaseError) -> [Action] {
        standings[id] = nil
        guard !standings.values.contains(where: \.isLeased) else { return [] }
        return waiting.removeAll { _ in true }.map { .fail($0.waiter, error) }
    }

    /// A lease is over. Only a connection that is in no transaction may be used again.
    mutating func released(_ id: ConnectionID, isReusable: Bool) -> [Action] {
        guard standings[id]?.isLeased == true else { return [] }
        if isReusable && !isClosed { return offer(id) }
        standings[id] = nil
        return [.close(id)] + lend() + connectIfWanted()
    }

    /// A connection broke.
    mutating func lost(_ id: ConnectionID) -> [Action] {
        // A leased one comes back through `released`, and is found broken there.
        guard standings[id] == .idle else { return [] }
        standings[id] = nil
        idle.removeAll { $0 == id }
        return []
    }

    mutating func close() -> [Action] {
        isClosed = true
        let closing = idle.map { Action.close($0) }
        let error = DatabaseError(.unavailable, detail: "the pool is closed")
        let failing = waiting.removeAll { _ in true }.map { Action.fail($0.waiter, error) }
        standings = standings.filter { $0.value.isLeased }
        idle = []
        return closing + failing
    }

    private mutating func offer(_ id: ConnectionID) -> [Action] {
        standings[id] = .idle
        idle.append(id)
        return lend()
    }

    /// Gives what is idle to those who wait and may have it, in turn.
    private mutating func lend() -> [Action] {
        var actions: [Action] = []
        while let id = idle.last, let next = waiting.next(where: mayTake) {
            idle.removeLast()
            standings[id] = .leased(next.owner)
            actions.append(.lease(id, to: next.waiter))
        }
        return actions
    }

    /// One attempt per waiter, within the bound.
    private mutating func connectIfWanted() -> [Action] {
        let connecting = standings.values.count { $0 == .connecting }
        guard waiting.count > connecting, standings.count < connectionMax, !isClosed else { return [] }
        defer { nextID += 1 }
        standings[nextID] = .connecting
        return [.connect(nextID)]
    }
}
