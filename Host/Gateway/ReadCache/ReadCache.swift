import HostModel
package import HostStorage
import NIOCore
import Synchronization

/// Answers to reads, kept in memory for a second at most and only as long as nothing that they show was written.
///
/// One per process. Called from the event loops; holds its lock for a few dictionary operations and never waits.
package final class ReadCache: Sendable {
    /// How long an answer is good for, from before the database was asked: the bound on writes that this node's hosts
    /// can't count, those of other nodes, of the operator's commands and by hand.
    package static let life: Duration = .seconds(1)
    /// By default: what a host answers in its second of life at 20,000 reads of half a kilobyte.
    package static let defaultBytesMax = 16 << 20

    let board: VersionBoard
    private let table: Mutex<AnswerTable>

    /// - Parameters:
    ///   - board: That the stores count their writes on.
    ///   - bytesMax: Answers and what belongs to them.
    package init(board: VersionBoard, bytesMax: Int = defaultBytesMax) {
        self.board = board
        table = Mutex(AnswerTable(bytesMax: bytesMax, life: TimeAmount(Self.life)))
    }

    func find(_ key: AnswerKey, _ number: UInt64, at now: NIODeadline) -> AnswerTable.Found {
        table.withLock { $0.find(key, number, at: now) }
    }

    func keep(
        _ answer: KnownAnswer, _ key: AnswerKey, _ number: UInt64, from start: NIODeadline, at now: NIODeadline
    ) {
        table.withLock { $0.keep(answer, key, number, from: start, at: now) }
    }

    /// For `/metrics`.
    package var exposition: String {
        let (counts, bytes, count) = table.withLock { ($0.counts, $0.bytes, $0.count) }
        let counters = [("hits", counts.hits), ("misses", counts.misses), ("evictions", counts.evictions)].map {
            "# TYPE thorbis_read_cache_\($0)_total counter\nthorbis_read_cache_\($0)_total \($1)\n"
        }
        let gauges = [("bytes", bytes), ("entries", count)].map {
            "# TYPE thorbis_read_cache_\($0) gauge\nthorbis_read_cache_\($0) \($1)\n"
        }
        return (counters + gauges).joined()
    }
}
