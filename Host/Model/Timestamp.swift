/// An instant, in microseconds since 1970-01-01T00:00:00Z, the resolution of PostgreSQL.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 { Int64((Double(microseconds) / 1_000_000).rounded(.down)) }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        let parts = duration.components
        return Timestamp(
            microseconds: instant.microseconds + parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000)
    }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

/// Where the time of day comes from; tests give their own, so that they never wait.
package protocol WallClock: Sendable {
    func now() -> Timestamp
}
