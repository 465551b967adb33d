import HostManifest
package import HostModel
import HostPostgres
package import HostSQL
package import NIOCore

/// Gives all records of a list at once, a piece at a time.
package struct ExportStore: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source

    /// How long one export may take.
    package static let deadline: Duration = .seconds(1_800)

    /// Writes every record in the order of their ids, as lines: of JSON, or of CSV after a header.
    ///
    /// The audit trail gets one entry when it ends, also when it broke off: who, what and how many rows.
    ///
    /// - Parameters:
    ///   - plan: The entity, or its mount.
    ///   - query: Which records and members.
    ///   - permission: What the export was allowed by; the entry's action.
    ///   - scope: The business.
    ///   - reach: How far the permission reaches.
    ///   - write: Takes a piece; returns when there is room for another.
    /// - Throws: `unavailable` when there are too many exports at once; the database's problems; what `write` throws.
    package func export(
        _ plan: EntityPlan, _ query: ExportQuery, as permission: Permission, in scope: TenantScope,
        reach: PermissionScope, _ write: (ByteBuffer) async throws -> Void
    ) async throws {
        var rows = 0
        var query = query
        query.hidden = scope.veil.keys(of: plan.reference.description)
        do {
            query.list = try await SearchReading(lane: lane).planned(query.list, plan, in: scope)
            let query = query
            try await lane.snapshot(in: scope, deadline: Self.deadline) { snapshot in
                let command = plan.export(query, for: scope.records(reach))
                if let setting = command.setting { _ = try await snapshot.execute(setting) }
                var header = query.format == .csv ? ByteBuffer(string: plan.exportHeader(query) + "\r\n") : nil
                let lineEnd: CopyReader.LineEnd = query.format == .csv ? .carriageReturnLineFeed : .lineFeed
                var reader = try await snapshot.copy(command.text, lineEnd: lineEnd)
                while let piece = try await reader.next() {
                    // The header goes with the first rows: before them the export may still be refused.
                    if let first = header { try await write(first) }
                    header = nil
                    try await write(piece.bytes)
                    rows += piece.rows
                }
                if let header { try await write(header) }
            }
        } catch {
            // What broke it off is what to tell, whether the trail could be written or not.
            try? await record(plan, query, permission, rows, isComplete: false, in: scope)
            throw error
        }
        try await record(plan, query, permission, rows, isComplete: true, in: scope)
    }

    private func record(
        _ plan: EntityPlan, _ query: ExportQuery, _ permission: Permission, _ rows: Int, isComplete: Bool,
        in scope: TenantScope
    ) async throws(Problem) {
        var facts = query.summary
        facts["rows"] = .int(Int64(rows))
        facts["complete"] = .bool(isComplete)
        // An export is of the business as a whole: no single record is what it tells of.
        let row = AuditRow(
            action: permission.description, entity: plan.reference.description, record: scope.business.uuid,
            changes: JSONObject(["export": ["to": .object(facts)]]))
        _ = try await lane.write(row.insert(id: ids.next(), in: scope), in: scope)
    }
}
