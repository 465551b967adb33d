package import HostManifest
package import HostModel
package import HostPostgres
import HostSQL

/// Runs the invariants of manifests over the data of businesses, by a role that may only read.
package struct InvariantRunner: Sendable {
    /// What one invariant found in one business.
    package struct Result: Hashable, Sendable {
        package let business: BusinessID
        package let plugin: PluginID
        package let invariant: Invariant
        /// Up to ``rowsMax``; nil when it couldn't be checked.
        package let rows: Int?
        /// Ids of rows that break it, as JSON; up to ``samplesMax``.
        package let samples: String
        package let failure: String?
    }

    /// More rows than these are counted as so many.
    package static let rowsMax = 1_000
    package static let samplesMax = 20
    /// For one invariant of one business.
    package static let timeMaxMilliseconds = 10_000

    private let database: Database

    /// - Parameter database: Connected as a role that may act as `thorbis_owner` and as `thorbis_check`.
    package init(database: Database) {
        self.database = database
    }

    /// Checks one business and keeps the results.
    package func check(_ business: BusinessID, _ manifests: ManifestSet) async throws -> [Result] {
        var results: [Result] = []
        for manifest in manifests.manifests {
            for invariant in manifest.invariants {
                let clock = ContinuousClock()
                let start = clock.now
                let result = try await check(invariant, of: manifest.id, for: business)
                try await keep(result, milliseconds: Int((clock.now - start) / .milliseconds(1)))
                results.append(result)
            }
        }
        return results
    }

    /// Every business's id, after a given one, in order.
    package func businesses(after last: BusinessID?, size: Int) async throws -> [BusinessID] {
        try await BusinessPages(database: database).page(after: last, size: size)
    }

    private func check(
        _ invariant: Invariant, of plugin: PluginID, for business: BusinessID
    ) async throws -> Result {
        do {
            let rows = try await database.transaction(deadline: .seconds(60)) { transaction in
                try await transaction.execute(Self.counting(invariant, in: business))[2]
            }
            return Result(
                business: business, plugin: plugin, invariant: invariant,
                rows: Int(rows.integer(0, 0) ?? 0), samples: rows.text(0, 1) ?? "[]", failure: nil)
        } catch let error as DatabaseError where error.code == .refused || error.code == .deadlineExceeded {
            return Result(
                business: business, plugin: plugin, invariant: invariant, rows: nil, samples: "[]",
                failure: error.sqlState == PostgresState.queryCanceled ? "it took too long" : "it failed")
        }
    }

    /// The statements of a transaction that runs one invariant: the last one's row has how many rows break it, and the
    /// ids of some.
    static func counting(_ invariant: Invariant, in business: BusinessID) -> [SQLCommand] {
        [setting(business.description), actAsChecker, command(text(invariant))]
    }

    /// Bounded in what it counts and in what it shows.
    private static func text(_ invariant: Invariant) -> String {
        """
        WITH found AS (\(invariant.sql)), bounded AS (SELECT to_jsonb(f) -> 'id' AS id FROM found f LIMIT \(rowsMax))
        SELECT (SELECT count(*) FROM bounded)::text, coalesce((SELECT jsonb_agg(b.id) FROM
            (SELECT id FROM bounded WHERE id IS NOT NULL LIMIT \(samplesMax)) b), '[]')::text
        """
    }

    static let actAsChecker = command("SET LOCAL ROLE thorbis_check")

    /// The business, read-only, with a bound on time: set before the role that couldn't.
    static func setting(_ business: String) -> SQLCommand {
        let text = """
            SELECT set_config('thorbis.business_id', $1, true), set_config('transaction_read_only', 'on', true),
                set_config('statement_timeout', '\(timeMaxMilliseconds)', true)
            """
        return SQLCommand(SQLStatement(name: nil, text: text), [business])
    }

    private func keep(_ result: Result, milliseconds: Int) async throws {
        let text = """
            INSERT INTO invariants.result (business_id, plugin, invariant, title, rows, samples, duration_ms, failure)
            VALUES ($1::uuid, $2, $3, $4, $5::int, $6::jsonb, $7::int, $8)
            ON CONFLICT (business_id, plugin, invariant) DO UPDATE SET title = excluded.title, rows = excluded.rows,
                samples = excluded.samples, duration_ms = excluded.duration_ms, failure = excluded.failure,
                checked_at = clock_timestamp()
            """
        let parameters: [SQLParameter] = [
            result.business.description, result.plugin.description, result.invariant.name, result.invariant.title,
            result.rows.map { String($0) }, result.samples, String(milliseconds), result.failure,
        ]
        try await database.transaction(deadline: .seconds(30)) { transaction in
            _ = try await transaction.execute([
                PlatformRoles.actAsOwner, TenantSetting.writing(.operating(result.business)),
                SQLCommand(SQLStatement(name: nil, text: text), parameters),
            ])
        }
    }

    private static func command(_ text: String) -> SQLCommand {
        SQLCommand(SQLStatement(name: nil, text: text), [])
    }
}
