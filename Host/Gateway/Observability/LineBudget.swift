import HostModel

/// How many lines a second the log gets of requests that were refused because too much was asked: under a flood the
/// lines would cost more than the answers. Pure.
struct LineBudget {
    static let linesPerSecond = 10

    private var second = Int64.min
    private var written = 0
    private var leftOut = 0

    /// Whether the next one gets a line.
    ///
    /// - Returns: How many were left out since the last line; nil when this one is left out too.
    mutating func admit(at now: Timestamp) -> Int? {
        let current = now.microseconds / 1_000_000
        if current != second { (second, written) = (current, 0) }
        guard written < Self.linesPerSecond else {
            leftOut += 1
            return nil
        }
        written += 1
        defer { leftOut = 0 }
        return leftOut
    }
}
