import Foundation
import HostModel
import NIOCore
import Synchronization

/// A connection of one event loop that units are sent on back to back; it comes back by itself after a loss.
///
/// So many are on their way at once; more stand in line, where their owners take turns.
///
/// `@unchecked Sendable`: ``submit(_:)``, ``start()`` and ``close()`` hop to the loop, all state is touched only there.
final class Lane: @unchecked Sendable {
    /// Units that come while the connection is away wait so long for it, then fail at once.
    private static let patience = TimeAmount.milliseconds(500)
    /// How often those who wait are looked at: they leave up to this late.
    private static let tick = TimeAmount.milliseconds(25)

    let loop: any EventLoop
    private let number: Int
    private let connector: Connector
    private let observer: any Observer
    /// Made by ``start()``.
    private var firstConnection: EventLoopPromise<Void>?
    private var life = LaneLife()
    private var generator = SystemRandomNumberGenerator()
    private var connection: Connection? {
        didSet { connected.store(connection != nil, ordering: .relaxed) }
    }
    private let connected = Atomic(false)
    private var awaySince = NIODeadline.now()
    private var lastError = DatabaseError(.unavailable, detail: "not connected yet")
    /// Called on the loop whenever the connection has come, or has answered all that it was sent; set before
    /// ``start()``.
    var onFree: (() -> Void)?
    private let windowMax: Int
    /// Units for the next connection, or for room on this one.
    private var waiting: FairQueue<UUID?, PendingUnit>
    private var congestion: Congestion
    private var isTicking = false

    init(number: Int, loop: any EventLoop, connector: Connector, observer: any Observer) {
        self.number = number
        self.loop = loop
        self.connector = connector
        self.observer = observer
        let configuration = connector.configuration
        windowMax = min(configuration.windowMax, configuration.queueMax)
        waiting = FairQueue(countMax: configuration.queueMax - windowMax)
        congestion = Congestion(grace: configuration.lineGrace)
    }

    /// Connects, trying again for up to the time-out of the configuration; fails with the last reason.
    func start() -> EventLoopFuture<Void> {
        loop.flatSubmit {
            let promise = self.loop.makePromise(of: Void.self)
            self.firstConnection = promise
            self.awaySince = .now()
            self.perform(.started)
            self.loop.scheduleTask(in: TimeAmount(self.connector.configuration.connectTimeout)) {
                promise.fail(self.lastError)
            }
            return promise.futureResult
        }
    }

    /// Whether there is a connection now; asked from any thread.
    var isConnected: Bool { connected.load(ordering: .relaxed) }

    /// Sends a unit on this loop's connection; its waiter is answered in any case.
    func submit(_ unit: PendingUnit) {
        guard loop.inEventLoop else { return loop.execute { self.submit(unit) } }
        if let connection {
            // The way of nearly all: nobody waits, and there is room.
            if waiting.isEmpty, connection.unitCount < windowMax { return connection.submit(unit) }
        } else {
            guard life.state != .closed, .now() < awaySince + Self.patience else {
                return unit.finish(.failure(lastError))
            }
        }
        waiting.add(unit, of: unit.owner)?.failFull()
        startTicking()
    }

    func close() {
        guard loop.inEventLoop else { return loop.execute { self.close() } }
        lastError = DatabaseError(.unavailable, detail: "the database was closed")
        perform(.closed)
        failWaiting()
        firstConnection?.fail(lastError)
    }

    private func perform(_ event: LaneLife.Event) {
        switch life.on(event, using: &generator) {
        case .none, .adopt: break
        case .connect: connect()
        case .connectAfter(let delay):
            loop.scheduleTask(in: TimeAmount(delay)) { self.perform(.waited) }
        case .discard:
            connection?.close()
            connection = nil
        }
    }

    private func connect() {
        connector.connect(on: loop).assumeIsolated().whenComplete { [self] outcome in
            switch outcome {
            case .success(let connection): adopt(connection)
            case .failure(let error): failed(error)
            }
        }
    }

    private func adopt(_ connection: Connection) {
        do throws(DatabaseError) {
            try connection.begin(
                onLoss: { [weak self] error in self?.lost(error) }, onIdle: { [weak self] in self?.onFree?() },
                onAnswers: { [weak self] in self?.sendWaiting() })
        } catch {
            return failed(error)
        }
        self.connection = connection
        perform(.connected)
        // Closed meanwhile: `discard` has taken it away again.
        guard let connection = self.connection else { return }
        observer.observe(.laneConnected(lane: number))
        firstConnection?.succeed()
        sendWaiting()
        if connection.isIdle { onFree?() }
    }

    private func sendWaiting() {
        guard !waiting.isEmpty, let connection else { return }
        let now = NIODeadline.now()
        while connection.isOpen, connection.unitCount < windowMax, let unit = waiting.next() {
            if congestion.sendsAway(unit, at: now) { unit.failWaiting(now) } else { connection.submit(unit) }
        }
    }

    private func startTicking() {
        guard !isTicking, !waiting.isEmpty else { return }
        isTicking = true
        loop.scheduleTask(in: Self.tick) {
            self.isTicking = false
            let now = NIODeadline.now()
            for unit in self.waiting.removeAll(where: { self.congestion.sendsAway($0, at: now) }) {
                unit.failWaiting(now)
            }
            self.startTicking()
        }
    }

    private func failed(_ error: any Error) {
        lastError = error as? DatabaseError ?? DatabaseError(.unavailable, detail: "\(error)")
        if .now() >= awaySince + Self.patience { failWaiting() }
        perform(.connectFailed)
    }

    private func lost(_ error: DatabaseError) {
        connection = nil
        lastError = DatabaseError(.unavailable, detail: error.detail)
        awaySince = .now()
        loop.scheduleTask(in: Self.patience) { if self.connection == nil { self.failWaiting() } }
        observer.observe(.laneLost(lane: number, detail: error.detail))
        perform(.lost)
    }

    private func failWaiting() {
        while let unit = waiting.next() { unit.finish(.failure(lastError)) }
    }
}
