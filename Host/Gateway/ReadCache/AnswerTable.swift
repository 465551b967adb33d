import NIOCore

/// The answers of a ``ReadCache``: found by key, good for one number, gone after their life.
///
/// Only answers to questions that come again are kept. Most of those that come once never do, and to keep and to forget
/// their answers would cost more than the rest of the read that it is meant to save.
///
/// A plain value without clock or lock. All live equally long, so they end in the order in which they came: what is
/// oldest leaves first, be it over or in the way of a new one. Never holds more than its bytes.
struct AnswerTable {
    private struct Entry {
        let answer: KnownAnswer
        let number: UInt64
        let end: NIODeadline
        let bytes: Int
        /// Tells it from one that had the key before.
        let serial: UInt64
    }

    enum Found {
        case hit(KnownAnswer)
        /// `isWanted`: the question came before, so its answer is worth keeping.
        case miss(isWanted: Bool)
    }

    /// What has happened so far.
    struct Counts: Equatable {
        var hits: UInt64 = 0
        var misses: UInt64 = 0
        /// Answers that had to leave while they were good.
        var evictions: UInt64 = 0
    }

    /// What an entry takes beside its texts, about: key and value in the dictionary, a place in the order, headers of
    /// three allocations. Measured at 420 to 470 bytes.
    static let entryBytes = 480

    /// How many questions are remembered, a power of two; 128 KB.
    private static let askedCount = 16_384

    private(set) var counts = Counts()
    private(set) var bytes = 0
    /// Hashes of questions that came, each in the place that it names; a later one takes it over.
    private var asked = [Int](repeating: 0, count: askedCount)
    private let bytesMax: Int
    private let life: TimeAmount
    private var entries: [AnswerKey: Entry] = [:]
    private var order = CircularBuffer<(key: AnswerKey, serial: UInt64)>()
    private var nextSerial: UInt64 = 0

    init(bytesMax: Int, life: TimeAmount) {
        self.bytesMax = bytesMax
        self.life = life
    }

    var count: Int { entries.count }

    /// The answer to a question, if nothing was written since it was asked and it isn't too old.
    mutating func find(_ key: AnswerKey, _ number: UInt64, at now: NIODeadline) -> Found {
        guard let entry = entries[key], entry.number == number, now < entry.end else {
            counts.misses += 1
            return .miss(isWanted: isAskedAgain(key))
        }
        counts.hits += 1
        return .hit(entry.answer)
    }

    private mutating func isAskedAgain(_ key: AnswerKey) -> Bool {
        let place = key.hash & (Self.askedCount - 1)
        defer { asked[place] = key.hash }
        return asked[place] == key.hash
    }

    /// Keeps an answer, unless it is too large to be worth it: a sixteenth of all.
    ///
    /// - Parameters:
    ///   - number: Of the entities that it shows, read before the database was asked.
    ///   - start: When that was.
    ///   - now: When it came.
    mutating func keep(
        _ answer: KnownAnswer, _ key: AnswerKey, _ number: UInt64, from start: NIODeadline, at now: NIODeadline
    ) {
        tidy(at: now)
        let size = Self.entryBytes + key.target.utf8.count + answer.bytes.count
        guard size <= bytesMax / 16, now < start + life else { return }
        if let old = entries.removeValue(forKey: key) { bytes -= old.bytes }
        while bytes + size > bytesMax, removeFirst() { counts.evictions += 1 }
        nextSerial += 1
        entries[key] = Entry(answer: answer, number: number, end: start + life, bytes: size, serial: nextSerial)
        order.append((key, nextSerial))
        bytes += size
    }

    /// Throws away what is over, and places of what was replaced.
    private mutating func tidy(at now: NIODeadline) {
        while let first = order.first {
            if let entry = entries[first.key], entry.serial == first.serial, now < entry.end { return }
            _ = removeFirst()
        }
    }

    /// Whether something of value left; false also when nothing is left.
    private mutating func removeFirst() -> Bool {
        while let first = order.popFirst() {
            guard let entry = entries[first.key], entry.serial == first.serial else { continue }
            entries[first.key] = nil
            bytes -= entry.bytes
            return true
        }
        return false
    }
}
