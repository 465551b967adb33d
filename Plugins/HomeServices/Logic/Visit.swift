import PluginAPI

/// The planned time on site. Ends after it starts.
struct Visit: Hashable {
    /// Two hours, what an office plans when it says nothing else.
    static let usualMicroseconds: Int64 = 2 * 60 * 60 * 1_000_000

    let startsAt: Timestamp
    let endsAt: Timestamp

    /// Plans a visit.
    ///
    /// - Parameter endsAt: Nil for the usual length.
    /// - Throws: `validation_failed` at `ends_at` unless it is after the start.
    init(from startsAt: Timestamp, to endsAt: Timestamp?) throws(Refusal) {
        let end = endsAt ?? Timestamp(microseconds: startsAt.microseconds + Self.usualMicroseconds)
        guard end > startsAt else {
            throw .invalid("ends_at", code: "order", message: "A visit ends after it starts.")
        }
        self.startsAt = startsAt
        self.endsAt = end
    }
}
