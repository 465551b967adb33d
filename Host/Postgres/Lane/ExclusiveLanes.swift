import NIOCore

/// The lanes of one event loop for units that others shouldn't wait behind: each has one for itself while it runs.
///
/// Commits of several lanes reach the disk together, and a unit that waits for a lock keeps nobody else waiting. A lane
/// connects when all before it are taken for the first time.
///
/// `@unchecked Sendable`: ``submit(_:)`` and ``close()`` hop to the loop, all state is touched only there.
final class ExclusiveLanes: @unchecked Sendable {
    /// How often deadlines are looked at while units wait: they fire up to this late.
    private static let tick = TimeAmount.milliseconds(25)

    private let lanes: [Lane]
    private let loop: any EventLoop
    private let queueMax: Int
    private var startedCount = 0
    /// Places of lanes that nothing runs on. The one used last is last, and goes out first: its caches are warm.
    private var free: [Int] = []
    private var waiting = CircularBuffer<PendingUnit>()
    private var isTicking = false

    /// - Parameter lanes: At least one, of `loop`, not started.
    init(_ lanes: [Lane], loop: any EventLoop, queueMax: Int) {
        self.lanes = lanes
        self.loop = loop
        self.queueMax = queueMax
        for (place, lane) in lanes.enumerated() {
            lane.onFree = { [weak self] in self?.isFree(place) }
        }
    }

    /// Sends a unit on a lane that is free, or queues it; its waiter is answered in any case.
    func submit(_ unit: PendingUnit) {
        guard loop.inEventLoop else { return loop.execute { self.submit(unit) } }
        if let lane = freeLane() { return lane.submit(unit) }
        guard waiting.count < queueMax else {
            return unit.fail(.queueFull, "\(waiting.count) units are waiting for a lane")
        }
        waiting.append(unit)
        if startedCount < lanes.count {
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

    /// A lane that was free and lost its connection is passed over; it comes back with the next connection.
    private func freeLane() -> Lane? {
        while let place = free.popLast() {
            if lanes[place].isConnected { return lanes[place] }
        }
        return nil
    }

    private func isFree(_ place: Int) {
        let now = NIODeadline.now()
        while let unit = waiting.popFirst() {
            guard unit.deadline <= now else { return lanes[place].submit(unit) }
            unit.fail(.deadlineExceeded, "no lane came free in time")
        }
        if !free.contains(place) { free.append(place) }
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
        guard waiting.contains(where: { $0.deadline <= now }) else { return }
        let all = waiting
        waiting = CircularBuffer(all.filter { $0.deadline > now })
        for unit in all where unit.deadline <= now { unit.fail(.deadlineExceeded, "no lane came free in time") }
    }

    /// Without any connection a lane knows how long it is worth waiting for one.
    private func giveToFirstLane() {
        while let unit = waiting.popFirst() { lanes[0].submit(unit) }
    }
}
