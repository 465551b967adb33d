import HostManifest
package import HostModel
import HostPostgres
package import HostSQL

extension RecordStore {
    /// Rows of one page, at most.
    package static let historyLimitMax = 200

    /// Reads how a record came to its status, oldest change first.
    ///
    /// - Parameters:
    ///   - plan: An entity with statuses.
    ///   - id: The record.
    ///   - limit: 1 to ``historyLimitMax``.
    ///   - cursor: As the page before gave it.
    ///   - scope: The business.
    ///   - reach: Whose records are there.
    /// - Throws: `not_found`, also for a record out of reach; `invalid_cursor`.
    package func history(
        _ plan: EntityPlan, _ id: RecordID, limit: Int, cursor: String?, in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> RecordPage {
        let list = CursorSeal.List(
            business: scope.business, label: plan.label + ".history", fingerprint: id.description)
        let after = try cursor.map { (text) throws(Problem) in
            try seal.open(text, of: list).key.flatMap { Int64($0) } ?? 0
        }
        let command = try plan.history(of: id, after: after ?? 0, limit: limit + 1, for: scope.records(reach))
        let rows = try await lane.read(command, in: scope)
        guard rows.count > 0 else { throw .notFound(plan.entity.name) }
        let count = rows.isNull(0, 1) ? 0 : min(rows.count, limit)
        let changes = (0..<count).map { JSONText(rows, row: $0, column: 0) }
        guard rows.count > limit else { return RecordPage(records: changes, nextCursor: nil) }
        let position = ListQuery.Position(key: rows.text(count - 1, 1), id: id)
        return RecordPage(records: changes, nextCursor: seal.seal(position, of: list))
    }
}
