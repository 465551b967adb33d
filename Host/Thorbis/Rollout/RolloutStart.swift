import Foundation
import HostModel
import HostPlugins
import HostPostgres
import HostStorage

/// A host that starts: what it is to serve, and how it says that it can't.
///
/// One whose stable set can't be loaded doesn't get ready. Were it to serve another version, businesses would meet one
/// or the other by chance, from request to request. It says why in its log and in its row, and whoever starts it again
/// finds out whether that is put right. Code in quarantine isn't such a case: what stands in for it serves.
struct RolloutStart: Sendable {
    let store: RolloutStore
    let host: RolloutHost

    static func host(_ data: DataFolder) -> RolloutHost {
        let machine = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        let name = machine?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "localhost"
        return RolloutHost(
            id: UUID(), node: "\(name):\(data.url.path())", pid: ProcessInfo.processInfo.processIdentifier)
    }

    /// The plan of what is wanted now, and what is installed for its stable set.
    func catalogue(_ settings: Settings) async throws -> (RolloutPlan, PluginCatalogue) {
        let plan = RolloutPlan.best(for: try await desired()).plan
        let catalogue = try await refusing(for: plan) {
            try PluginCatalogue.load(settings, versions: plan.sets[0])
        }
        return (plan, catalogue)
    }

    /// Runs a part of the start; a failure is told to whoever waits for this host.
    func refusing<Value>(for plan: RolloutPlan, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as CommandFailure {
            let standing = RolloutStanding(plan: plan, failures: [0: failure.message])
            // Should the database be away, the log still says it.
            if let desired = try? await desired(), (try? await store.beat(host)) != nil {
                try? await store.write(standing.acknowledgements(of: desired, by: host.id))
            }
            throw failure
        }
    }

    private func desired() async throws -> DesiredPlugins {
        do {
            return try await store.desired()
        } catch let problem as Problem {
            throw CommandFailure.environment(problem.detail)
        } catch let error as DatabaseError where error.sqlState == Self.undefinedTable || error.sqlState == Self.denied
        {
            throw CommandFailure.environment("the database isn't migrated; run `thorbis db migrate` first.")
        } catch let error as DatabaseError {
            throw CommandFailure.environment("what is to be served can't be read: \(error.detail)")
        }
    }

    private static let undefinedTable = "42P01"
    /// Before the platform's step that lets the host read them.
    private static let denied = "42501"
}
