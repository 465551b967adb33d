import Synchronization

/// Counts how long calls took, from any number of threads and without a lock.
final class LatencyHistogram: Sendable {
    private let counts = InlineArray<200, Atomic<Int>> { _ in Atomic(0) }
    private let nanoseconds = Atomic<Int>(0)

    /// All times together.
    var total: Duration { .nanoseconds(nanoseconds.load(ordering: .relaxed)) }

    func record(_ duration: Duration) {
        let nanoseconds = duration.wholeNanoseconds
        self.nanoseconds.wrappingAdd(nanoseconds, ordering: .relaxed)
        counts[LatencyCounts.bucket(of: nanoseconds / 1_000)].wrappingAdd(1, ordering: .relaxed)
    }

    /// The counts now; calls that end meanwhile are in it or not.
    func read() -> LatencyCounts {
        LatencyCounts(counts.indices.map { counts[$0].load(ordering: .relaxed) })
    }
}

extension Duration {
    /// At most 292 years, which nothing here takes.
    var wholeNanoseconds: Int {
        let parts = components
        return Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
    }
}
