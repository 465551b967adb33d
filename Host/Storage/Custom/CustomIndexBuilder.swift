import Foundation
import HostManifest
package import HostModel
package import HostPostgres
import HostSQL

/// Builds what finds records by a business's own fields, while the hosts go on writing.
///
/// From the moment a field is to be indexed every write indexes the record that it writes. Here the records of before
/// are added, some at a time, and then lists may use it. Run again it goes on with what isn't done.
package struct CustomIndexBuilder: Sendable {
    /// What became of one field.
    package struct Outcome: Hashable, Sendable {
        package enum State: String, Hashable, Sendable {
            case ready
            /// Two records have one value of a unique field.
            case failed
            /// A transaction from before is still open; the next run goes on.
            case building
        }

        package let business: BusinessID
        package let entity: String
        package let key: String
        package let state: State
    }

    /// Records that one transaction indexes.
    package static let batchRows = 500
    /// Values of fields that are no longer indexed that one transaction throws away.
    private static let wasteRows = 10_000
    /// How long transactions from before are waited for.
    private static let patience: Duration = .seconds(60)

    private let database: Database

    /// - Parameter database: Connected as a role that may act as `thorbis_owner`.
    package init(database: Database) {
        self.database = database
    }

    /// Every business's id, after a given one, in order.
    package func businesses(after last: BusinessID?, size: Int) async throws -> [BusinessID] {
        try await BusinessPages(database: database).page(after: last, size: size)
    }

    /// Builds what a business asked for, and throws away what it no longer has.
    ///
    /// - Parameter isRebuilding: Also those that are ready.
    package func build(_ business: BusinessID, isRebuilding: Bool = false) async throws -> [Outcome] {
        let wanted = try await begin(business, isRebuilding)
        try await throwAway(business)
        guard !wanted.isEmpty else { return [] }
        let isQuiet = try await awaitEarlierTransactions()
        var outcomes: [Outcome] = []
        for (entity, fields) in Dictionary(grouping: wanted, by: \.entity).sorted(by: { $0.key < $1.key }) {
            let failed = isQuiet ? try await build(entity, fields, of: business) : []
            for field in fields {
                let state = isQuiet ? (failed.contains(field.key) ? Outcome.State.failed : .ready) : .building
                if state == .ready { try await settle(field, state, business) }
                outcomes.append(Outcome(business: business, entity: entity, key: field.key, state: state))
            }
        }
        return outcomes
    }

    // MARK: - Fields

    private struct Unfinished: Sendable {
        let id: String
        let entity: String
        let key: String
        let version: String
    }

    /// Those that failed before are indexed by the hosts again from here on.
    private func begin(_ business: BusinessID, _ isRebuilding: Bool) async throws -> [Unfinished] {
        let text = """
            UPDATE custom.field SET index_state = 'building'
            WHERE indexed AND archived_at IS NULL AND ($1::boolean OR index_state IS DISTINCT FROM 'ready')
            RETURNING id::text, entity, key, version::text
            """
        let rows = try await run(business, text, [isRebuilding ? "true" : "false"])
        return (0..<rows.count).map { row in
            Unfinished(
                id: rows.text(row, 0) ?? "", entity: rows.text(row, 1) ?? "", key: rows.text(row, 2) ?? "",
                version: rows.text(row, 3) ?? "")
        }
    }

    /// A field that was changed meanwhile is left to the next run.
    private func settle(_ field: Unfinished, _ state: Outcome.State, _ business: BusinessID) async throws {
        let text = "UPDATE custom.field SET index_state = $3 WHERE id = $1::uuid AND version = $2::int"
        _ = try await run(business, text, [field.id, field.version, state.rawValue])
    }

    // MARK: - Records

    /// Indexes the records of an entity; gives the keys of unique fields of which two records have one value. Those are
    /// left alone from then on, and the others begun anew.
    private func build(
        _ entity: String, _ fields: [Unfinished], of business: BusinessID
    ) async throws -> Set<String> {
        var failed: Set<String> = []
        guard let reference = EntityReference(entity) else { return Set(fields.map(\.key)) }
        while failed.count <= fields.count {
            do {
                var last: String? = BusinessPages.first
                while let id = last { last = try await batch(business, reference, after: id) }
                break
            } catch let error as DatabaseError where error.sqlState == SQLState.takenCustomValue {
                guard let field = fields.first(where: { $0.key == error.constraint }) else { throw error }
                failed.insert(field.key)
                try await settle(field, .failed, business)
            }
        }
        return failed
    }

    /// Indexes the next records; gives the last one's id, or nil when there were no more.
    ///
    /// The rows are held, so that a change at the same time comes before or after, never between.
    private func batch(
        _ business: BusinessID, _ entity: EntityReference, after id: String
    ) async throws -> String? {
        let (schema, table) = (entity.plugin.description, entity.name)
        let page = """
            SELECT t.id::text FROM "\(schema)"."\(table)" t
            WHERE t.business_id = $1::uuid AND t.id > $2::uuid AND t.custom <> '{}'
            ORDER BY t.id LIMIT \(Self.batchRows) FOR NO KEY UPDATE
            """
        return try await database.transaction(deadline: .seconds(600)) { transaction in
            let found = try await transaction.execute(
                opening(business) + [SQLCommand(Migrator.statement(page), [business.description, id])])[2]
            let ids = (0..<found.count).compactMap { found.text($0, 0) }
            guard let end = ids.last else { return nil }
            _ = try await transaction.execute(
                SQLCommand(CustomFieldStatements.index, [schema, table, "{" + ids.joined(separator: ",") + "}"]))
            return ids.count == Self.batchRows ? end : nil
        }
    }

    /// Whoever wrote before the field was to be indexed, and isn't done, would be missed.
    private func awaitEarlierTransactions() async throws -> Bool {
        let now = try await ask("SELECT pg_current_xact_id()::text::bigint::text")
        let clock = ContinuousClock()
        let start = clock.now
        while clock.now - start < Self.patience {
            let oldest = try await ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint::text")
            if oldest >= now { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// Values of fields that are archived, not indexed any more or failed; kept a minute for hosts that don't know yet.
    private func throwAway(_ business: BusinessID) async throws {
        let text = """
            WITH gone AS (
                DELETE FROM custom.value WHERE (field_id, record_id) IN (
                    SELECT v.field_id, v.record_id FROM custom.value v JOIN custom.field f ON f.id = v.field_id
                    WHERE (f.archived_at IS NOT NULL OR NOT f.indexed OR f.index_state = 'failed')
                        AND f.updated_at < now() - interval '1 minute'
                    LIMIT \(Self.wasteRows)) RETURNING 1
            ) SELECT count(*)::text FROM gone
            """
        while try await run(business, text, []).integer(0, 0) == Int64(Self.wasteRows) {}
    }

    // MARK: - Statements

    private func opening(_ business: BusinessID) -> [SQLCommand] {
        [PlatformRoles.actAsOwner, TenantSetting.writing(.operating(business))]
    }

    private func run(_ business: BusinessID, _ text: String, _ parameters: [String]) async throws -> Rows {
        try await database.transaction(deadline: .seconds(600)) { transaction in
            try await transaction.execute(
                opening(business) + [SQLCommand(Migrator.statement(text), parameters)])[2]
        }
    }

    private func ask(_ text: String) async throws -> Int64 {
        try await database.transaction(deadline: .seconds(30)) { transaction in
            try await transaction.execute(SQLCommand(Migrator.statement(text), [])).integer(0, 0) ?? 0
        }
    }
}
