package import HostModel
import HostPostgres
import HostSQL

/// What the invariants found in a business when they were run last.
package struct InvariantStore: Sendable {
    let lane: TenantLane

    /// Invariants of one host; more than these are a programmer's error to show on one page.
    private static let rowsMax = 500

    private static let statement = SQLStatement(
        name: "invariants.list",
        text: """
            SELECT row_to_json(r)::text FROM (
                SELECT plugin, invariant, title, failure IS NULL AND rows = 0 AS holds, rows, samples AS sample_ids,
                    checked_at, duration_ms, failure
                FROM invariants.result ORDER BY plugin, invariant LIMIT \(rowsMax)
            ) r
            """)

    /// - Throws: `unavailable`, `deadline_exceeded`.
    package func list(in scope: TenantScope) async throws(Problem) -> [JSONText] {
        let rows = try await lane.read(SQLCommand(Self.statement, []), in: scope)
        return (0..<rows.count).map { JSONText(rows, row: $0, column: 0) }
    }
}
