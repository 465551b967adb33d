import HostManifest
import HostModel
import HostPlugins
import HostStorage

/// Rollouts in the words of the commands.
enum RolloutText {
    /// The version that a row brings.
    static func version(_ row: Rollout) -> String { (row.canary ?? row.stable).version.description }

    /// What an order has come to, such as "hs 1.5.0 is tried by 10 % of the businesses, revision 3".
    static func order(_ row: Rollout) -> String { "\(row.plugin) \(state(row)), revision \(row.revision)" }

    private static func state(_ row: Rollout) -> String {
        let stable = row.stable.version
        switch row.state {
        case .settled: return "\(stable) serves everybody"
        case .rolling:
            return "\(row.candidate?.version.description ?? "?") is tried by \(share(row)); \(stable) serves all others"
        case .rolledBack:
            let candidate = row.candidate.map { ", \($0.version) was taken back: \(row.reason)" } ?? ""
            return "\(stable) serves everybody\(candidate)"
        }
    }

    /// "10 % of the businesses and 2 by name"
    private static func share(_ row: Rollout) -> String {
        let names = row.businesses.count
        let named = names == 1 ? "1 business by name" : "\(names) businesses by name"
        if names == 0 { return "\(row.percent) % of the businesses" }
        return row.percent == 0 ? named : "\(row.percent) % of the businesses and \(named)"
    }

    /// Hosts that don't serve a revision, with the reason.
    static func lines(of progress: RolloutProgress, revision: Int64) -> [String] {
        progress.refusals.map { "\(host($0.host)) refuses revision \(revision): \($0.reason)" }
            + progress.stragglers.map { "\(host($0)) hasn't answered revision \(revision)" }
    }

    private static func host(_ host: RolloutHost) -> String {
        "\(host.node), process \(host.pid), seen \(host.age.components.seconds) s ago,"
    }

    /// The lines of `thorbis plugin status`, the plugin's own first.
    static func status(_ row: Rollout, _ overview: RolloutOverview) -> [String] {
        var lines = ["\(order(row)) of \(row.changedAt)"]
        if let previous = row.previous { lines.append("  before: \(previous.version)") }
        if let tally = RolloutTally(overview, row) { lines.append("  \(verdict(tally.verdict))") }
        for pin in overview.desired.pins where pin.plugin == row.plugin {
            lines.append("  business \(pin.business) is pinned to \(pin.package.version)")
        }
        let progress = RolloutProgress(overview, of: row.plugin, revision: row.revision)
        lines += progress.serving.map { "  \(host($0)) serves revision \(row.revision)" }
        return lines + self.lines(of: progress, revision: row.revision).map { "  \($0)" }
    }

    private static func verdict(_ verdict: RolloutGate.Verdict) -> String {
        switch verdict {
        case .pass(let numbers): "the gate passes: \(numbers)"
        case .wait(let numbers): "the gate waits: \(numbers)"
        case .fail(let numbers): "the gate fails: \(numbers)"
        }
    }

    static func json(_ row: Rollout, _ overview: RolloutOverview) -> JSONValue {
        let progress = RolloutProgress(overview, of: row.plugin, revision: row.revision)
        let pins = overview.desired.pins.filter { $0.plugin == row.plugin }
        return [
            "plugin": .string(row.plugin.description), "state": .string(row.state.rawValue),
            "revision": .int(row.revision), "changed_at": .string(row.changedAt), "reason": .string(row.reason),
            "stable": json(row.stable), "candidate": json(row.candidate), "previous": json(row.previous),
            "percent": .int(Int64(row.percent)),
            "businesses": .array(row.businesses.map { .string($0.description) }),
            "pins": .array(pins.map { ["business": .string($0.business.description), "package": json($0.package)] }),
            "gate": RolloutTally(overview, row).map(json) ?? .null,
            "hosts": .array(
                progress.serving.map { json($0, "serves") } + progress.refusals.map { json($0.host, $0.reason) }
                    + progress.stragglers.map { json($0, nil) }),
        ]
    }

    private static func json(_ package: PackageVersion?) -> JSONValue {
        guard let package else { return .null }
        return ["version": .string(package.version.description), "digest": .string(package.digest)]
    }

    private static func json(_ tally: RolloutTally) -> JSONValue {
        let state =
            switch tally.verdict {
            case .pass: "passes"
            case .wait: "waits"
            case .fail: "fails"
            }
        return [
            "state": .string(state), "numbers": .string(tally.verdict.numbers), "candidate": json(tally.candidate),
            "stable": json(tally.stable),
        ]
    }

    private static func json(_ side: RolloutGate.Side) -> JSONValue {
        let p95 = side.figures.latencies.quantile(0.95)
        return [
            "calls": .int(Int64(side.figures.calls)), "faults": .int(Int64(side.figures.faults)),
            "crashes": .int(Int64(side.figures.crashes)),
            "p95_microseconds": p95.map { .int(Int64($0 / .microseconds(1))) } ?? .null,
        ]
    }

    /// - Parameter answer: `serves`, or why not; nil for none yet.
    private static func json(_ host: RolloutHost, _ answer: String?) -> JSONValue {
        [
            "node": .string(host.node), "pid": .int(Int64(host.pid)),
            "seen_seconds_ago": .int(host.age.components.seconds),
            "answer": answer.map { .string($0) } ?? .null,
        ]
    }
}
