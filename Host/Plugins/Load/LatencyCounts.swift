/// How many calls took how long: buckets of which each is at most an eighth wide, from a microsecond to two minutes.
/// Pure.
package struct LatencyCounts: Hashable, Sendable {
    /// Buckets of a microsecond below 8 µs, then eight for each power of two.
    package static let size = 200

    private let counts: [Int]
    /// The calls in all buckets.
    package let count: Int

    /// - Parameter counts: ``size`` numbers, by ``bucket(of:)``.
    init(_ counts: [Int]) {
        precondition(counts.count == Self.size, "A latency histogram has \(Self.size) buckets.")
        self.counts = counts
        count = counts.reduce(0, +)
    }

    /// - Parameter buckets: As ``buckets`` gave them, maybe in another process; nil for what no host of this release
    ///   wrote.
    package init?(buckets: [Int64]) {
        guard buckets.count == Self.size, buckets.allSatisfy({ (0...Self.callsMax).contains($0) }) else { return nil }
        self.init(buckets.map(Int.init))
    }

    /// Of a bucket that was written down, so that sums over hosts can't overflow.
    private static let callsMax: Int64 = 1 << 48

    /// The calls of each bucket, ``size`` numbers, to be written down.
    package var buckets: [Int64] { counts.map(Int64.init) }

    /// No calls.
    package static let none = LatencyCounts(Array(repeating: 0, count: size))

    /// Where a time is counted; the last bucket takes everything above two minutes.
    static func bucket(of microseconds: Int) -> Int {
        guard microseconds >= 8 else { return max(0, microseconds) }
        let exponent = Int.bitWidth - 1 - microseconds.leadingZeroBitCount
        let step = (microseconds >> (exponent - 3)) - 8
        return min(size - 1, (exponent - 2) * 8 + step)
    }

    /// The times of a bucket, in microseconds.
    static func times(in bucket: Int) -> Range<Int> {
        guard bucket >= 8 else { return bucket..<(bucket + 1) }
        let shift = bucket / 8 - 1
        let first = (8 + bucket % 8) << shift
        return first..<(first + 1 << shift)
    }

    /// The calls that came after an earlier state of the same histogram.
    func since(_ earlier: LatencyCounts) -> LatencyCounts {
        LatencyCounts(zip(counts, earlier.counts).map { max(0, $0 - $1) })
    }

    /// The calls of both.
    static func + (left: LatencyCounts, right: LatencyCounts) -> LatencyCounts {
        LatencyCounts(zip(left.counts, right.counts).map { $0 + $1 })
    }

    /// The time that this share of the calls stayed within, to an eighth of it; nil without calls.
    ///
    /// - Parameter share: 0.95 for p95.
    package func quantile(_ share: Double) -> Duration? {
        guard count > 0 else { return nil }
        let rank = min(count, max(1, Int((share * Double(count)).rounded(.up))))
        var before = 0
        for (bucket, calls) in counts.enumerated() {
            if before + calls < rank {
                before += calls
                continue
            }
            let times = Self.times(in: bucket)
            // The calls of a bucket are taken as spread evenly over it.
            let nanoseconds = times.lowerBound * 1_000 + times.count * 1_000 * (rank - before) / calls
            return .nanoseconds(nanoseconds)
        }
        return nil
    }

    /// How many calls took less than a power of two of microseconds, from 2^3 on.
    package func count(belowPower power: Int) -> Int {
        counts[..<min(Self.size, max(0, (power - 2) * 8))].reduce(0, +)
    }
}
