import Foundation
import HostModel
import NIOCore

/// A unit and the one who waits for its answer, who is answered exactly once.
struct PendingUnit: Sendable {
    typealias Outcome = Swift.Result<[Rows], DatabaseError>

    let commands: [SQLCommand]
    let deadline: NIODeadline
    /// Until when it likes to stand in line; never after the deadline.
    let likes: NIODeadline
    /// On whose account it takes a connection.
    let owner: UUID?
    /// False inside a longer transaction, where a rolled back unit can't simply be sent again.
    var mayRetry: Bool
    private let waiter: Waiter

    @safe private enum Waiter: Sendable {
        case task(UnsafeContinuation<Outcome, Never>)
        case callback(@Sendable (Outcome) -> Void)
    }

    init(_ unit: DatabaseUnit, mayRetry: Bool, continuation: UnsafeContinuation<Outcome, Never>) {
        self.init(unit, mayRetry: mayRetry, waiter: unsafe .task(continuation))
    }

    /// For the room's own statements; `callback` runs on the loop of the connection.
    init(_ unit: DatabaseUnit, callback: @escaping @Sendable (Outcome) -> Void) {
        self.init(unit, mayRetry: false, waiter: .callback(callback))
    }

    private init(_ unit: DatabaseUnit, mayRetry: Bool, waiter: Waiter) {
        let now = NIODeadline.now()
        self.commands = unit.commands
        self.deadline = now + TimeAmount(unit.deadline)
        self.likes = unit.share.likes(now, deadline: deadline)
        self.owner = unit.share.owner
        self.mayRetry = mayRetry
        self.waiter = waiter
    }

    func finish(_ outcome: Outcome) {
        switch waiter {
        // Sound: a unit is in one queue or pipeline at a time, and leaves it when it is finished.
        case .task(let continuation): unsafe continuation.resume(returning: outcome)
        case .callback(let callback): callback(outcome)
        }
    }

    func fail(_ code: DatabaseError.Code, _ detail: String) {
        finish(.failure(DatabaseError(code, detail: detail)))
    }

    /// It had to go from a full queue; nothing was sent.
    func failFull() { fail(.queueFull, "as many units wait as may") }

    /// It has to leave the line; nothing was sent.
    func failWaiting(_ now: NIODeadline) {
        if deadline <= now {
            fail(.deadlineExceeded, "no lane came free in time")
        } else {
            fail(.queueFull, "the line is too long")
        }
    }

    /// Why it can't be sent at all.
    var flaw: DatabaseError? {
        guard commands.contains(where: { $0.parameters.contains(where: ParameterText.hasZero) }) else { return nil }
        var error = DatabaseError(.refused, detail: "a parameter contains U+0000")
        error.sqlState = "22021"
        return error
    }
}

extension Congestion {
    /// Whether a unit in line has to leave it now.
    mutating func sendsAway(_ unit: PendingUnit, at now: NIODeadline) -> Bool {
        sendsAway(likes: unit.likes, deadline: unit.deadline, at: now)
    }
}
