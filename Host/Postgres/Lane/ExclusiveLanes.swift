import Foundation
import NIOCore

/// The lanes of one event loop for units that others shouldn't wait behind: each has one for itself while it runs.
///
/// Commits of several lanes reach the disk together, and a unit that waits for a lock keeps nobody else waiting. A lane
/// connects when all before it are taken for the first time. Owners take turns, and one of them alone never has every
/// lane: what it does may take long, and the others shouldn't wait for that.
///
/// `@unchecked Sendable`: ``submit(_:)`` and ``close()`` hop to the loop, all state is touched only there.
final class ExclusiveLanes: @unchecked Sendable {
    /// How often those who wait are looked at: they leave up to this late.
    private static let tick = TimeAmount.milliseconds(25)

    private let lanes: [Lane]
    private let loop: any EventLoop
    private let shareMax: Int
    private var startedCount = 0
    /// Places of lanes that nothing runs on. The one used last is last, and goes out first: its caches are warm.
    private var free: [Int] = []
    /// On whose account something runs on each lane; nil for a free one, and for the host's own.
    private var owners: [UUID?]
    private var waiting: FairQueue<UUID?, PendingUnit>
    private var congestion: Congestion
    private var isTicking = false

    /// - Parameters:
    ///   - lanes: At least one, of `loop`, not started.
    ///   - shareMax: How many of them one owner may have at once.
    ///   - queueMax: How many wait at most.
    ///   - grace: See ``Congestion``.
    init(_ lanes: [Lane], loop: any EventLoop, shareMax: Int, queueMax: Int, grace: Duration) {
        self.lanes = lanes
        self.loop = loop
        self.shareMax = shareMax
        owners = Array(repeating: nil, count: lanes.count)
        waiting = FairQueue(countMax: queueMax)
        congestion = Congestion(grace: grace)
        for (place, lane) in lanes.enumerated() {
            lane.onFree = { [weak self] in self?.isFree(place) }
        }
    }

    /// Sends a unit on a lane that is free, or queues it; its waiter is answered in any case.
    func submit(_ unit: PendingUnit) {
        guard loop.inEventLoop else { return loop.execute { self.submit(unit) } }
        let mayTake = mayTake(unit.owner)
        if mayTake, let place = freePlace() { return run(unit, on: place) }
        waiting.add(unit, of: unit.owner)?.failFull()
        if mayTake, startedCount < lanes.count {
            startedCount += 1
            // Whether it connects shows when it is free, or when a unit has waited too long.
            _ = lanes[startedCount - 1].start()
        }
        startTicking()
    }

    func close() {
        guard loop.inEventLoop else { return loop.execute { self.close() } }
        free = []
        for lane in lanes { lane.close() }
        giveToFirstLane()
    }

    private func mayTake(_ owner: UUID?) -> Bool {
        guard let owner else { return true }
        return owners.count { $0 == owner } < shareMax
    }

    /// A lane that was free and lost its connection is passed over; it comes back with the next connection.
    private func freePlace() -> Int? {
        while let place = free.popLast() {
            if lanes[place].isConnected { return place }
        }
        return nil
    }

    private func run(_ unit: PendingUnit, on place: Int) {
        owners[place] = unit.owner
        lanes[place].submit(unit)
    }

    private func isFree(_ place: Int) {
        owners[place] = nil
        if !free.contains(place) { free.append(place) }
        guard !waiting.isEmpty else { return }
        let now = NIODeadline.now()
        while let place = freePlace() {
            guard let unit = nextUnit(now) else { return free.append(place) }
            run(unit, on: place)
        }
    }

    private func nextUnit(_ now: NIODeadline) -> PendingUnit? {
        while let unit = waiting.next(where: mayTake) {
            guard congestion.sendsAway(unit, at: now) else { return unit }
            unit.failWaiting(now)
        }
        return nil
    }

    private func startTicking() {
        guard !isTicking, !waiting.isEmpty else { return }
        isTicking = true
        loop.scheduleTask(in: Self.tick) {
            self.isTicking = false
            self.look(at: .now())
            self.startTicking()
        }
    }

    private func look(at now: NIODeadline) {
        if !lanes.contains(where: \.isConnected) { return giveToFirstLane() }
        for unit in waiting.removeAll(where: { congestion.sendsAway($0, at: now) }) { unit.failWaiting(now) }
    }

    /// Without any connection a lane knows how long it is worth waiting for one.
    private func giveToFirstLane() {
        while let unit = waiting.next() { lanes[0].submit(unit) }
    }
}
