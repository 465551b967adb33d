import HostModel
import HostPlugins
import HostStorage

/// Takes a candidate back when the figures of all hosts together are bad. Every host asks; the row is set back once,
/// because that depends on its revision.
struct RolloutJudge: Sendable {
    let store: RolloutStore
    let observer: any Observer

    /// - Parameter rollout: The row that this host serves and has written figures of.
    func judge(_ rollout: Rollout) async throws {
        let overview = try await store.overview()
        guard let row = overview.desired[rollout.plugin], row.revision == rollout.revision,
            case .fail(let numbers) = RolloutTally(overview, row)?.verdict
        else { return }
        let reason = "the gate failed: \(numbers)"
        if try await store.takeBack(row.plugin, revision: row.revision, reason: reason) {
            observer.observe(.rolloutTakenBack(row.plugin, revision: row.revision, detail: reason))
        }
    }
}
