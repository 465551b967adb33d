import PluginAPI

/// The planned time on site. Ends after it starts.
struct Visit: Hashable {
    /// Two hours, what an office plans when it says nothing else.
    static let usualMicroseconds: Int64 = 2 * 60 * 60 * 1_000_000

    /// The last microsecond of the year 9999, beyond which there is no way to write a time.
    static let latest = Timestamp(microseconds: 253_402_300_799_999_999)

    let startsAt: Timestamp
    let endsAt: Timestamp

    /// Plans a visit.
    ///
    /// - Parameter endsAt: Nil for the usual length.
    /// - Throws: `validation_failed` at `ends_at` unless it is after the start and before the year 10000.
    init(from startsAt: Timestamp, to endsAt: Timestamp?) throws(Refusal) {
        let end = endsAt ?? Timestamp(microseconds: startsAt.microseconds + Self.usualMicroseconds)
        guard end > startsAt else {
            throw .invalid("ends_at", code: "order", message: "A visit ends after it starts.")
        }
        guard end <= Self.latest else {
            throw .invalid("ends_at", code: "max", message: "A visit ends before the year 10000.")
        }
        self.startsAt = startsAt
        self.endsAt = end
    }
}
