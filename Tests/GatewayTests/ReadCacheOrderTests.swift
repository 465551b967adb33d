import Foundation
import HostAuth
import HostModel
import HostStorage
import NIOCore
import Testing

// The steps of writers and readers are put into every order; over HTTP only a few would come about.
@testable import HostGateway

/// Every order in which two writers and a reader can take their steps, a writer that is killed between any two of them
/// included: nobody who was told of a write is shown an answer from before it.
struct ReadCacheOrderTests {
    /// What a host does for a write and for a read, in this order.
    private enum Step: Hashable {
        /// Before the commit is sent, and after its outcome is known.
        case count(Int)
        case commit(Int)
        case tell(Int)
        case readNumber, askDatabase, keep
    }

    private static let order = EntityMark("hs.work_order")
    private static let effects = SQLEffects(of: [
        SQLCommand(SQLStatement(name: nil, text: "", effect: .records(order)), [])
    ])

    private static func writer(_ number: Int) -> [Step] {
        [.count(number), .commit(number), .count(number), .tell(number)]
    }
    private static let reader: [Step] = [.readNumber, .askDatabase, .keep]

    /// The world: what is committed, what anybody was told, one kept answer.
    private struct World {
        let board: VersionBoard
        let business = BusinessID(UUID())
        let key: AnswerKey
        var table = AnswerTable(bytesMax: 1 << 20, life: .seconds(1))
        let start = NIODeadline.uptimeNanoseconds(0)
        var committed: Set<Int> = []
        var told: Set<Int> = []
        var number: UInt64 = 0
        var seen: Set<Int> = []

        init(_ board: VersionBoard) {
            self.board = board
            key = AnswerKey(
                Principal(
                    business: business, user: UserID(UUID()), session: SessionID(UUID()), roles: [],
                    permissions: .none, tier: .starter, expires: Timestamp(microseconds: 0)), "/x", edition: 0)
        }

        private var current: UInt64 { board.number(of: [order], in: business) ?? 0 }

        /// All within one instant: what time bounds is looked at apart.
        mutating func take(_ step: Step) {
            switch step {
            case .count: board.count(effects, in: business)
            case .commit(let writer): committed.insert(writer)
            case .tell(let writer): told.insert(writer)
            case .readNumber: number = current
            case .askDatabase: seen = committed
            case .keep: table.keep(Self.answer(seen), key, number, from: start, at: start)
            }
        }

        /// What a reader on any host is shown from memory now; nil when it has to ask.
        mutating func shown(after wait: TimeAmount = .zero) -> Set<Int>? {
            guard case .hit(let answer) = table.find(key, current, at: start + wait) else { return nil }
            return Set(answer.bytes.map { Int($0) })
        }

        private static func answer(_ writers: Set<Int>) -> KnownAnswer {
            KnownAnswer(bytes: writers.sorted().map { UInt8($0) }, fields: [])
        }
    }

    /// Every way to shuffle sequences that each keep their order.
    private static func shuffles(_ parts: [[Step]], _ visit: ([Step]) -> Void) {
        func go(_ places: [Int], _ steps: [Step]) {
            var isWhole = true
            for (part, place) in places.enumerated() where place < parts[part].count {
                isWhole = false
                var next = places
                next[part] += 1
                go(next, steps + [parts[part][place]])
            }
            if isWhole { visit(steps) }
        }
        go(parts.map { _ in 0 }, [])
    }

    /// How often somebody is shown an answer without a write that was told, in all orders; and how many there are.
    private static func stale(_ parts: [[Step]]) throws -> (stale: Int, orders: Int, hits: Int) {
        let board = try VersionBoard()
        var (stale, orders, hits) = (0, 0, 0)
        shuffles(parts) { steps in
            orders += 1
            var world = World(board)
            for step in steps {
                world.take(step)
                guard let shown = world.shown() else { continue }
                hits += 1
                if !shown.isSuperset(of: world.told) { stale += 1 }
            }
        }
        return (stale, orders, hits)
    }

    @Test func `in no order is an answer shown that lacks a write that was told`() throws {
        let found = try Self.stale([Self.writer(1), Self.writer(2), Self.reader])
        #expect(found.orders == 11_550)
        #expect(found.stale == 0)
        #expect(found.hits > 1_000, "the answer is kept and shown")
    }

    @Test(arguments: 0..<4) func `nor when a writer is killed after any of its steps`(stepCount: Int) throws {
        let found = try Self.stale([Array(Self.writer(1).prefix(stepCount)), Self.writer(2), Self.reader])
        #expect(found.stale == 0)
        #expect(found.hits > 0)
    }

    @Test func `counting only before the commit, or only after telling, would show old answers`() throws {
        let early: [Step] = [.count(1), .commit(1), .tell(1)]
        let late: [Step] = [.commit(1), .tell(1), .count(1)]
        for writer in [early, late] { #expect(try Self.stale([writer, Self.reader]).stale > 0) }
        // A reader that read the number after it asked would keep what is old under the new number.
        let hasty: [Step] = [.askDatabase, .readNumber, .keep]
        #expect(try Self.stale([Self.writer(1), hasty]).stale > 0)
    }

    /// Nobody is told of it, so this is no lie, but it is an end to be sure of.
    @Test func `what a killed writer committed and didn't count is shown a second later`() throws {
        let board = try VersionBoard()
        var late = 0
        Self.shuffles([[.count(1), .commit(1)], Self.reader]) { steps in
            var world = World(board)
            for step in steps { world.take(step) }
            guard let shown = world.shown(), shown != world.committed else { return }
            late += 1
            #expect(world.shown(after: .milliseconds(999)) == shown)
            #expect(world.shown(after: .seconds(1)) == nil)
        }
        #expect(late > 0)
    }
}
