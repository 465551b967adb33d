package import HostModel
import HostPostgres
import HostSQL

/// Reads the audit trail of a business, oldest entry first.
package struct AuditStore: Sendable {
    let lane: TenantLane
    let seal: CursorSeal

    /// Which entries.
    package struct Query: Hashable, Sendable {
        /// Such as `hs.work_order`; nil for all.
        package var entity: String?
        package var record: RecordID?
        /// 1 to ``limitMax``.
        package var limit: Int
        /// As the page before gave it.
        package var cursor: String?

        package static let limitMax = 200

        package init(entity: String? = nil, record: RecordID? = nil, limit: Int = 50, cursor: String? = nil) {
            self.entity = entity
            self.record = record
            self.limit = min(max(limit, 1), Self.limitMax)
            self.cursor = cursor
        }
    }

    private static let label = "platform.audit"

    private static let statement = SQLStatement(
        name: "audit.list",
        text: """
            SELECT row_to_json(e)::text, e.position::text, e.id::text FROM (
                SELECT id, position, occurred_at, request_id, actor_kind, actor_id, action, entity, record_id, changes,
                    reason
                FROM audit.entry
                WHERE position > $1::bigint
                    AND ($2::text IS NULL OR entity = $2) AND ($3::uuid IS NULL OR record_id = $3)
                ORDER BY position LIMIT $4::int
            ) e ORDER BY e.position
            """)

    /// - Throws: `invalid_cursor`, `unavailable`, `deadline_exceeded`.
    package func list(_ query: Query, in scope: TenantScope) async throws(Problem) -> RecordPage {
        let fingerprint = "\(query.entity ?? "")|\(query.record?.description ?? "")"
        let list = CursorSeal.List(business: scope.business, label: Self.label, fingerprint: fingerprint)
        let after = try query.cursor.map { (cursor) throws(Problem) in try seal.open(cursor, of: list).key ?? "0" }
        let parameters = [after ?? "0", query.entity, query.record?.description, String(query.limit + 1)]
        let rows = try await lane.read(SQLCommand(Self.statement, parameters), in: scope)
        let count = min(rows.count, query.limit)
        var page = RecordPage(records: (0..<count).map { JSONText(rows, row: $0, column: 0) }, nextCursor: nil)
        if !scope.veil.isNone { try page.rewrite { Self.veiled($0, by: scope.veil) } }
        guard rows.count > count, let id = rows.text(count - 1, 2).flatMap({ RecordID($0) }) else { return page }
        page.nextCursor = seal.seal(ListQuery.Position(key: rows.text(count - 1, 1), id: id), of: list)
        return page
    }

    /// An entry without the business's own fields that its reader doesn't see; that others changed stays told.
    private static func veiled(_ entry: JSONValue, by veil: CustomVeil) -> JSONValue {
        guard var object = entry.object, var changes = object["changes"]?.object,
            var custom = changes["custom"]?.object, let entity = object["entity"]?.string
        else { return entry }
        for end in custom.names {
            if let values = custom[end] { custom[end] = veil.lifted(from: values, of: entity) }
        }
        changes["custom"] = .object(custom)
        object["changes"] = .object(changes)
        return .object(object)
    }
}
