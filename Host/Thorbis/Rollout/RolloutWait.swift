import HostModel
import HostPlugins
import HostStorage

/// Waits until every host that lives has answered a revision, and tells who hasn't.
struct RolloutWait {
    let store: OperatorStore
    /// Zero not to wait.
    let limit: Duration

    /// Between two looks at the rows.
    private static let pause: Duration = .milliseconds(50)
    static let secondsMax = 600

    /// - Throws: ``CommandFailure`` with the reasons when a host refuses, when the order is taken back or changed, and
    ///   when hosts haven't answered in time.
    func run(_ row: Rollout) async throws {
        guard limit > .zero else { return }
        let clock = ContinuousClock()
        let start = clock.now
        while true {
            let overview = try await store.rolloutOverview()
            let progress = RolloutProgress(overview, of: row.plugin, revision: row.revision)
            try check(overview.desired[row.plugin], against: row)
            // Who refuses a candidate takes it back at once, and then the row says it.
            if progress.isServed || (progress.isAnswered && row.canary == nil) || clock.now - start >= limit {
                return try report(progress, row, after: clock.now - start)
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func check(_ now: Rollout?, against row: Rollout) throws {
        guard let now, now.revision != row.revision else { return }
        if row.canary != nil, now.state == .rolledBack {
            throw CommandFailure.findings("\(row.plugin) \(RolloutText.version(row)) was taken back: \(now.reason)")
        }
        throw CommandFailure.findings(
            "somebody else has changed the rollout of \(row.plugin) meanwhile; look at `thorbis plugin status`.")
    }

    private func report(_ progress: RolloutProgress, _ row: Rollout, after duration: Duration) throws {
        let count = progress.serving.count
        if count > 0 {
            let time = "\(Int64(duration / .milliseconds(1))) ms"
            printLine("\(count) \(count == 1 ? "host serves" : "hosts serve") it after \(time)")
        }
        let lines = RolloutText.lines(of: progress, revision: row.revision)
        guard lines.isEmpty else {
            throw CommandFailure.findings("not every host serves it:\n" + lines.joined(separator: "\n"))
        }
        if count == 0 { printLine("no host follows this database; those that start serve it") }
    }
}
