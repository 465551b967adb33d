import Foundation

/// How long the scenarios of `script/soak` run: seconds within the tests, minutes when `THORBIS_SOAK` is set.
enum Soak {
    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    static let reloadCount = setting("THORBIS_SOAK_RELOADS") ?? 8
    /// How many processes are killed, in turn the host, PostgreSQL's processes, its first one, and all.
    static let killCount = setting("THORBIS_SOAK_KILLS") ?? 4

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
