import Foundation
package import HostManifest
package import HostModel
import HostPostgres
import HostSQL
package import HostTransfer

/// Import jobs as their runners see them: claimed, got on with, ended.
///
/// A step of a job that was cancelled, or that another runner has by now, changes nothing and says so.
package struct ImportQueue: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source
    let plans: EntityPlans
    let vault: RecordVault
    let customFields: CustomFieldStore

    /// How long a transaction of a runner may take.
    static let deadline: Duration = .seconds(15)

    /// The job that waits longest, if one does. It comes back by itself when the lease ends without a step.
    package func claim() async throws(Problem) -> ClaimedImport? {
        let token = ids.next()
        let seconds = String(ImportBounds.lease.components.seconds)
        guard let found = try await ask(SQLCommand(ImportRunSQL.claim, [token.text, seconds])) else { return nil }
        let scope = TenantScope.operating(found.business)
        let rows = try await lane.read(
            SQLCommand(ImportRunSQL.job, [found.job.description, token.text]), in: scope)
        return ClaimedImport(rows, id: found.job, business: found.business, token: token)
    }

    /// Throws the file of one import away that ended long ago; whether there was one.
    package func forgetOutdatedFile() async throws(Problem) -> Bool {
        let seconds = String(ImportBounds.fileKept.components.seconds)
        guard let found = try await ask(SQLCommand(ImportRunSQL.outdated, [seconds])) else { return false }
        try await lane.transaction(in: .operating(found.business), deadline: Self.deadline) { transaction in
            _ = try await transaction.execute([
                SQLCommand(ImportRunSQL.forgetFile, [found.job.description]),
                SQLCommand(ImportRunSQL.fileForgotten, [found.job.description]),
            ])
        }
        return true
    }

    /// The fields that the business added to what is imported into.
    package func customFields(
        of target: ImportCatalogue.Target, _ job: ClaimedImport
    ) async throws(Problem) -> CustomFields {
        try await customFields.fields(of: target.plan.reference, in: job.scope)
    }

    package func file(of job: ClaimedImport) -> ImportFile {
        ImportFile(job: job.id, lane: lane, scope: job.scope, pieces: ImportPieces(keys: vault.keys))
    }

    /// Notes how far the file was read through. Gives false when the job isn't ours any more.
    package func validating(_ job: ClaimedImport, bytes: Int) async throws(Problem) -> Bool {
        try await step(job, ImportRunSQL.validating, [String(bytes)])
    }

    /// The file can be read: from here on rows are written.
    package func running(
        _ job: ClaimedImport, rows: Int, from checkpoint: ReaderCheckpoint
    ) async throws(Problem) -> Bool {
        try await step(job, ImportRunSQL.running, [String(rows), checkpoint.json.text])
    }

    /// Ends a job, with the reason when it failed.
    ///
    /// - Parameter invariants: What they found, for a job that is done.
    package func end(
        _ job: ClaimedImport, failure: JSONValue?, invariants: JSONValue? = nil
    ) async throws(Problem) {
        let parameters = [
            job.id.description, job.token.text, failure == nil ? "done" : "failed", failure?.text, invariants?.text,
        ]
        try await lane.transaction(in: job.scope) { transaction in
            let rows = try await transaction.execute(SQLCommand(ImportRunSQL.end, parameters))
            guard rows.count == 1, let bytes = rows.bytes(0, 0) else { return }
            let changes = (try? JSONParser.parse(bytes))?.object ?? JSONObject()
            let row = AuditRow(
                action: "platform.import.finish", entity: "platform.import", record: job.id.uuid, changes: changes)
            _ = try await transaction.execute(row.insert(id: ids.next(), in: job.scope))
        }
    }

    /// Gives a job back that isn't done.
    package func release(_ job: ClaimedImport) async throws(Problem) {
        _ = try await step(job, ImportRunSQL.release, [])
    }

    func step(
        _ job: ClaimedImport, _ statement: SQLStatement, _ parameters: [SQLParameter]
    ) async throws(Problem) -> Bool {
        let command = SQLCommand(statement, [job.id.description, job.token.text] + parameters)
        return try await lane.write(command, in: job.scope).count == 1
    }

    /// A question to a gate function.
    private func ask(_ command: SQLCommand) async throws(Problem) -> (business: BusinessID, job: RecordID)? {
        let rows: Rows
        do {
            rows = try await lane.directory.home.run(DatabaseUnit([command], deadline: lane.deadline))[0]
        } catch {
            throw lane.refusals.problem(error, request: nil)
        }
        guard rows.count == 1, let business = rows.text(0, 0).flatMap({ BusinessID($0) }),
            let job = rows.text(0, 1).flatMap({ RecordID($0) })
        else { return nil }
        return (business, job)
    }
}
