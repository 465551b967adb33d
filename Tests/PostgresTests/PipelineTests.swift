import HostModel
import NIOCore
import Testing

// The state machine is internal to its room: nobody else may pair answers.
@testable import HostPostgres

struct PipelineTests {
    private typealias Line = Pipeline<String, Int>
    private let far = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let soon = NIODeadline.uptimeNanoseconds(1_000)
    private let now = NIODeadline.uptimeNanoseconds(2_000)

    private func refusal(_ sqlState: String) -> DatabaseError {
        var error = DatabaseError(.refused, detail: "no")
        error.sqlState = sqlState
        return error
    }

    private func line(_ units: (String, commands: Int, deadline: NIODeadline, mayRetry: Bool)...) -> Line {
        var line = Line()
        for unit in units {
            line.sent(
                unit.0, parses: [], commandCount: unit.commands, deadline: unit.deadline, mayRetry: unit.mayRetry)
        }
        return line
    }

    /// An action in words, so that tests can compare it.
    private func words(_ action: Line.Action) -> String {
        switch action {
        case .none: "none"
        case .parsed(let statement, let isPrepared): "parsed \(statement.text) \(isPrepared)"
        case .finish(let waiter, .success(let payloads)): "\(waiter) \(payloads)"
        case .finish(let waiter, .failure(let error)): "\(waiter) \(error.sqlState ?? "") \(error.code)"
        case .retry(let waiter, let isPlanStale): "retry \(waiter)\(isPlanStale ? " stale" : "")"
        case .disconnect: "disconnect"
        }
    }

    @Test func `answers go to the units in the order they were sent`() {
        var line = line(("a", 2, far, true), ("b", 1, far, true))
        #expect(words(line.on(.done(1))) == "none")
        #expect(words(line.on(.done(2))) == "none")
        #expect(words(line.on(.synced)) == "a [1, 2]")
        #expect(words(line.on(.done(3))) == "none")
        #expect(words(line.on(.synced)) == "b [3]")
        #expect(line.isEmpty)
    }

    @Test func `a refused unit ends with its first error and the next is unharmed`() {
        var line = line(("a", 3, far, true), ("b", 1, far, true))
        _ = line.on(.done(1))
        _ = line.on(.refused(refusal("23505")))
        _ = line.on(.aborted)
        #expect(words(line.on(.synced)) == "a 23505 refused")
        _ = line.on(.done(2))
        #expect(words(line.on(.synced)) == "b [2]")
    }

    @Test func `an error at the Sync itself belongs to the unit`() {
        var line = line(("a", 1, far, true))
        _ = line.on(.done(1))
        #expect(words(line.on(.refused(refusal("23503")))) == "none")
        #expect(words(line.on(.synced)) == "a 23503 refused")
    }

    @Test func `a Parse counts only when it was confirmed`() {
        var line = Line()
        let parses = ["x", "y"].map { SQLStatement(name: $0, text: $0) }
        line.sent(
            "a", parses: [(0, parses[0]), (2, parses[1])], commandCount: 4, deadline: far, mayRetry: true)
        #expect(words(line.on(.done(0))) == "parsed x true")
        _ = line.on(.refused(refusal("22012")))
        #expect(words(line.on(.aborted)) == "parsed y false")
        _ = line.on(.aborted)
        #expect(words(line.on(.synced)) == "a 22012 refused")
    }

    @Test func `what nobody asked for ends the connection`() {
        var empty = Line()
        #expect(words(empty.on(.done(1))) == "disconnect")
        #expect(words(empty.on(.synced)) == "disconnect")
        var full = line(("a", 1, far, true))
        _ = full.on(.done(1))
        #expect(words(full.on(.done(2))) == "disconnect")
        var early = line(("a", 2, far, true))
        _ = early.on(.done(1))
        #expect(words(early.on(.synced)) == "disconnect")
    }

    @Test func `an expired unit is told once, cancelled only at the head, and its answers are dropped`() {
        var line = line(("a", 1, far, true), ("b", 1, soon, true))
        let due = line.due(at: now)
        #expect(due.expired == ["b"])
        #expect(!due.cancelsHead)
        _ = line.on(.done(1))
        #expect(words(line.on(.synced)) == "a [1]")
        let later = line.due(at: now)
        #expect(later.expired.isEmpty)
        #expect(later.cancelsHead)
        #expect(!line.due(at: now).cancelsHead)
        _ = line.on(.done(2))
        #expect(words(line.on(.synced)) == "none")
    }

    @Test(arguments: [true, false]) func `a late cancel's victim is sent again if it may be`(mayRetry: Bool) {
        var line = line(("a", 1, soon, true), ("b", 1, far, mayRetry), ("c", 1, far, true))
        #expect(line.due(at: now).cancelsHead)
        line.cancelEnded()
        line.sent("d", parses: [], commandCount: 1, deadline: far, mayRetry: true)
        _ = line.on(.done(1))
        _ = line.on(.synced)
        _ = line.on(.refused(refusal("57014")))
        #expect(words(line.on(.synced)) == (mayRetry ? "retry b" : "b  unavailable"))
        _ = line.on(.done(3))
        #expect(words(line.on(.synced)) == "c [3]")
        _ = line.on(.refused(refusal("57014")))
        #expect(words(line.on(.synced)) == "d 57014 refused", "sent after the cancel: its own time-out")
    }

    @Test func `a stale plan is sent again once`() {
        var line = line(("a", 1, far, true), ("b", 1, far, false))
        _ = line.on(.refused(refusal("0A000")))
        #expect(words(line.on(.synced)) == "retry a stale")
        _ = line.on(.refused(refusal("0A000")))
        #expect(words(line.on(.synced)) == "b 0A000 refused")
    }

    @Test func `a cancel that doesn't help is noticed`() {
        var line = line(("a", 1, soon, true))
        _ = line.due(at: now)
        line.cancelEnded()
        #expect(!line.due(at: now + Line.stallMax).isStalled)
        #expect(line.due(at: now + Line.stallMax + .milliseconds(1)).isStalled)
    }

    @Test func `a loss names everyone who still waits`() {
        var line = line(("a", 1, soon, true), ("b", 1, far, true), ("c", 1, far, true))
        _ = line.due(at: now)
        #expect(line.lose() == ["b", "c"])
        #expect(line.isEmpty)
    }
}
