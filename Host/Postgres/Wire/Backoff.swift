/// How long to wait before the next attempt to connect: twice as long each time, with jitter.
struct Backoff {
    private static let firstMilliseconds = 50
    private static let lastMilliseconds = 2_000

    private var attempts = 0

    /// Between half and all of 50 ms, 100 ms, … 2 s: hosts that lost one server don't come back in step.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let full = min(Self.lastMilliseconds, Self.firstMilliseconds << min(attempts, 10))
        attempts += 1
        return .milliseconds(Int.random(in: full / 2...full, using: &generator))
    }

    /// A connection stood.
    mutating func reset() {
        attempts = 0
    }
}
