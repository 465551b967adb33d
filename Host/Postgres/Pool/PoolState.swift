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

    private enum Standing {
        case connecting
        case idle
        case leased
    }

    private let connectionMax: Int
    private let queueMax: Int
    private var standings: [ConnectionID: Standing] = [:]
    /// The most recently used is last, and goes out first: its caches are warm.
    private var idle: [ConnectionID] = []
    private var waiting: [(ticket: Ticket, waiter: Waiter)] = []
    private var nextID = 0
    private var isClosed = false

    init(connectionMax: Int, queueMax: Int) {
        self.connectionMax = connectionMax
        self.queueMax = queueMax
    }

    var waitingCount: Int { waiting.count }
    var connectionCount: Int { standings.count }

    /// Somebody wants a connection.
    mutating func request(_ ticket: Ticket, _ waiter: Waiter) -> [Action] {
        if isClosed { return [.fail(waiter, DatabaseError(.unavailable, detail: "the pool is closed"))] }
        if let id = idle.popLast() {
            standings[id] = .leased
            return [.lease(id, to: waiter)]
        }
        guard waiting.count < queueMax else {
            return [.fail(waiter, DatabaseError(.queueFull, detail: "\(queueMax) transactions are waiting"))]
        }
        waiting.append((ticket, waiter))
        return connectIfWanted()
    }

    /// Somebody waited long enough.
    mutating func expire(_ ticket: Ticket) -> [Action] {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return [] }
        let waiter = waiting.remove(at: index).waiter
        return [.fail(waiter, DatabaseError(.deadlineExceeded, detail: "no connection came free in time"))]
    }

    mutating func connected(_ id: ConnectionID) -> [Action] {
        guard standings[id] == .connecting else { return [.close(id)] }
        return offer(id)
    }

    /// All who wait are told at once: the next attempt would hardly do better.
    mutating func connectFailed(_ id: ConnectionID, _ error: DatabaseError) -> [Action] {
        standings[id] = nil
        guard !standings.values.contains(.leased) else { return [] }
        defer { waiting.removeAll() }
        return waiting.map { .fail($0.waiter, error) }
    }

    /// A lease is over. Only a connection that is in no transaction may be used again.
    mutating func released(_ id: ConnectionID, isReusable: Bool) -> [Action] {
        guard standings[id] == .leased else { return [] }
        if isReusable && !isClosed { return offer(id) }
        standings[id] = nil
        return [.close(id)] + connectIfWanted()
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
        let failing = waiting.map { Action.fail($0.waiter, error) }
        standings = standings.filter { $0.value == .leased }
        idle = []
        waiting = []
        return closing + failing
    }

    private mutating func offer(_ id: ConnectionID) -> [Action] {
        guard let next = waiting.first else {
            standings[id] = .idle
            idle.append(id)
            return []
        }
        waiting.removeFirst()
        standings[id] = .leased
        return [.lease(id, to: next.waiter)]
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
