import Foundation

/// How long the scenarios of `script/soak` run: seconds within the tests, minutes when `THORBIS_SOAK` is set.
enum Soak {
    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    static let reloadCount = setting("THORBIS_SOAK_RELOADS") ?? 8
    /// How long processes are killed, each kind at least once: the host, PostgreSQL's processes, its first one, all.
    static let killTime = Duration.seconds(setting("THORBIS_SOAK_KILL_SECONDS") ?? 0)
    static let handOverCount = setting("THORBIS_SOAK_HANDOVERS") ?? 2
    /// Versions of a plugin that are crashed out of service, three crashes each.
    static let crashVersions = setting("THORBIS_SOAK_CRASH_VERSIONS") ?? 1
    /// What a run does at random is repeated by its seed, which it prints.
    static let seed = setting("THORBIS_SOAK_SEED").map { UInt64($0) } ?? UInt64.random(in: 1...999_999)

    /// "25 ms median, 1.2 s p95, 1.3 s at most"
    static func spread(_ times: [Duration]) -> String {
        let sorted = times.sorted()
        guard let slowest = sorted.last else { return "never" }
        return
            "\(text(sorted[sorted.count / 2])) median, \(text(percentile(95, of: times))) p95, \(text(slowest)) at most"
    }

    /// The time that this share of all stayed within; the longest of a few.
    static func percentile(_ share: Int, of times: [Duration]) -> Duration {
        let sorted = times.sorted()
        return sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, sorted.count * share / 100)]
    }

    static func text(_ time: Duration) -> String {
        if time < .seconds(1) {
            return "\(time.formatted(.units(allowed: [.milliseconds], fractionalPart: .show(length: 1))))"
        }
        return time.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))
    }

    /// A row of the table that `script/soak` prints.
    static func report(_ scenario: String, _ what: String, _ found: String, _ tally: SoakLoad.Tally? = nil) {
        var cells = [scenario, what, found]
        if let tally {
            cells.append("\(tally.answered) answered, \(tally.failed) failed")
            let failures = tally.failures.sorted { $0.value > $1.value }.prefix(3)
            cells.append(failures.map { "\($0.value) x \($0.key.prefix(80))" }.joined(separator: ", "))
        }
        print("soak | " + cells.joined(separator: " | "))
    }
}

/// A generator that gives the same numbers for a seed (Steele, Lea, Flood 2014).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
