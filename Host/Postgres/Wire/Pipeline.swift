import HostModel
import NIOCore

/// Pairs the answers of one connection with the units that were sent on it, strictly in order.
///
/// Pure: it decides, ``Connection`` does. Each unit is some commands and one Sync; PostgreSQL answers
/// each command once (with an error for the first that fails, "aborted" for those after it) and then the Sync.
struct Pipeline<Waiter, Payload> {
    /// One answer, as libpq hands it out.
    enum Answer {
        case done(Payload)
        case refused(DatabaseError)
        /// Skipped, because a command before it in the unit was refused.
        case aborted
        /// The unit is over: kept if nothing was refused, else rolled back.
        case synced
    }

    enum Action {
        case none
        /// This statement exists at the server now (true), or doesn't (false).
        case parsed(SQLStatement, Bool)
        case finish(Waiter, Result<[Payload], DatabaseError>)
        /// Rolled back through no fault of its own: send it again, unnamed if its plan was stale.
        case retry(Waiter, isPlanStale: Bool)
        /// Answers and questions don't fit any more.
        case disconnect
    }

    /// What is due at a moment.
    struct Due {
        /// Their deadline passed: they hear of it now, their answers will be dropped.
        var expired: [Waiter] = []
        /// The server still works on a unit nobody waits for, and nothing else stands before it.
        var cancelsHead = false
        /// A cancel didn't help in time.
        var isStalled = false
    }

    /// How long a cancelled unit may still block the line.
    static var stallMax: TimeAmount { .seconds(5) }

    private struct Entry {
        let number: UInt64
        /// Nil once the deadline has passed.
        var waiter: Waiter?
        let deadline: NIODeadline
        let mayRetry: Bool
        /// Parse messages among the commands: position and statement. Empty for a warm connection.
        let parses: [(position: Int, statement: SQLStatement)]
        let commandCount: Int
        var answered = 0
        var payloads: [Payload] = []
        var failure: DatabaseError?
        var cancelledAt: NIODeadline?
    }

    private var entries = CircularBuffer<Entry>(initialCapacity: 64)
    private var lastNumber: UInt64 = 0
    private var isCancelRunning = false
    /// A cancel that was meant for another unit may still hit units up to this number.
    private var doubtThrough: UInt64 = 0

    /// Units sent and not yet answered.
    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    /// Notes a unit that is on its way to the server.
    ///
    /// - Parameters:
    ///   - parses: Parse messages among the commands, by position, ascending.
    ///   - commandCount: Messages that are answered before the Sync, Parse messages included.
    ///   - mayRetry: False for a unit inside a longer transaction, or one that was sent again already.
    mutating func sent(
        _ waiter: Waiter, parses: [(position: Int, statement: SQLStatement)], commandCount: Int, deadline: NIODeadline,
        mayRetry: Bool
    ) {
        lastNumber += 1
        entries.append(
            Entry(
                number: lastNumber, waiter: waiter, deadline: deadline, mayRetry: mayRetry, parses: parses,
                commandCount: commandCount))
        entries[entries.index(before: entries.endIndex)].payloads.reserveCapacity(commandCount - parses.count)
    }

    mutating func on(_ answer: Answer) -> Action {
        guard let head = entries.first else { return .disconnect }
        switch answer {
        case .synced: return finishHead()
        case .refused(let error) where head.answered == head.commandCount:
            // Deferred constraints are checked at the Sync itself.
            if head.failure == nil { entries[entries.startIndex].failure = error }
            return .none
        case .done, .refused, .aborted:
            guard head.answered < head.commandCount else { return .disconnect }
            return take(answer)
        }
    }

    private mutating func take(_ answer: Answer) -> Action {
        let start = entries.startIndex
        let position = entries[start].answered
        entries[start].answered += 1
        let parse = entries[start].parses.first { $0.position == position }
        switch answer {
        case .done(let payload):
            if let parse { return .parsed(parse.statement, true) }
            entries[start].payloads.append(payload)
            return .none
        case .refused(var error):
            // One payload for each statement before it.
            error.command = entries[start].payloads.count
            if entries[start].failure == nil { entries[start].failure = error }
        case .aborted, .synced: break
        }
        guard let parse else { return .none }
        return .parsed(parse.statement, false)
    }

    private mutating func finishHead() -> Action {
        let head = entries.removeFirst()
        defer { endDoubt(after: head.number) }
        guard head.failure != nil || head.answered == head.commandCount else { return .disconnect }
        guard let waiter = head.waiter else { return .none }
        guard let failure = head.failure else { return .finish(waiter, .success(head.payloads)) }
        if isInnocent(head, failure) {
            if head.mayRetry { return .retry(waiter, isPlanStale: false) }
            let detail = "hit by the cancel of another unit: \(failure.detail)"
            return .finish(waiter, .failure(DatabaseError(.unavailable, detail: detail)))
        }
        if head.mayRetry && failure.isStalePlan { return .retry(waiter, isPlanStale: true) }
        return .finish(waiter, .failure(failure))
    }

    /// A cancel names a connection, not a statement, so one that comes late hits the next unit.
    /// Such a unit was rolled back as a whole, which is why it can be sent again.
    private func isInnocent(_ entry: Entry, _ failure: DatabaseError) -> Bool {
        failure.sqlState == "57014" && (isCancelRunning || entry.number <= doubtThrough)
    }

    private mutating func endDoubt(after number: UInt64) {
        if !isCancelRunning && number > doubtThrough { doubtThrough = 0 }
    }

    /// Looks at the deadlines; call it now and then while units are in flight.
    mutating func due(at now: NIODeadline) -> Due {
        var due = Due()
        for index in entries.indices where entries[index].deadline <= now {
            guard let waiter = entries[index].waiter else { continue }
            entries[index].waiter = nil
            due.expired.append(waiter)
        }
        guard let head = entries.first, head.waiter == nil else { return due }
        if let cancelledAt = head.cancelledAt {
            due.isStalled = now > cancelledAt + Self.stallMax
        } else if !isCancelRunning {
            isCancelRunning = true
            entries[entries.startIndex].cancelledAt = now
            due.cancelsHead = true
        }
        return due
    }

    /// The server has been told to cancel (or couldn't be); units sent from now on are safe from it.
    mutating func cancelEnded() {
        isCancelRunning = false
        doubtThrough = lastNumber
    }

    /// The connection is gone.
    ///
    /// - Returns: Everyone who still waited; none of them will get an answer.
    mutating func lose() -> [Waiter] {
        defer { entries.removeAll() }
        return entries.compactMap(\.waiter)
    }
}
