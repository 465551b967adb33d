package import HostManifest
package import HostModel
import HostPostgres
import HostSQL

extension ImportQueue {
    /// Runs the invariants that see records of an import's plugin: its own, and those of plugins that build on it.
    ///
    /// By the role that may only read, as ``InvariantRunner`` does for the operator; what they find ends no job.
    ///
    /// - Returns: An object for each, as `GET …/invariants` has them.
    /// - Throws: ``HostModel/Problem/lostImport`` when the job isn't ours any more, `unavailable`.
    package func invariants(
        after job: ClaimedImport, _ target: ImportCatalogue.Target, in manifests: ManifestSet
    ) async throws(Problem) -> [JSONValue] {
        let plugin = target.plan.reference.plugin
        var found: [JSONValue] = []
        for manifest in manifests.manifests {
            guard manifest.id == plugin || manifest.requires.contains(where: { $0.plugin == plugin }) else { continue }
            for invariant in manifest.invariants {
                guard try await step(job, ImportRunSQL.renew, []) else { throw .lostImport }
                found.append(try await result(of: invariant, manifest.id, in: job.scope))
            }
        }
        return found
    }

    private func result(
        of invariant: Invariant, _ plugin: PluginID, in scope: TenantScope
    ) async throws(Problem) -> JSONValue {
        var result = JSONObject([
            "plugin": .string(plugin.description), "invariant": .string(invariant.name),
            "title": .string(invariant.title),
        ])
        do {
            let rows = try await lane.transaction(in: scope, deadline: Self.deadline, isReadOnly: true) { transaction in
                try await transaction.execute(InvariantRunner.counting(invariant, in: scope.business))
            }
            let counted = rows.last
            let count = counted?.integer(0, 0) ?? 0
            result["holds"] = .bool(count == 0)
            result["rows"] = .int(count)
            result["sample_ids"] = counted?.bytes(0, 1).flatMap { try? JSONParser.parse($0) } ?? []
            result["failure"] = .null
        } catch {
            guard error.code != .unavailable else { throw error }
            result["holds"] = false
            result["rows"] = .null
            result["sample_ids"] = []
            result["failure"] = .string(error.code == .deadlineExceeded ? "it took too long" : "it failed")
        }
        return .object(result)
    }
}
