package import HostModel
import HostPostgres
package import HostSQL

extension RecordStore {
    /// Computes numbers over the records of a list.
    ///
    /// - Throws: `amount_overflow` for a sum that isn't exact in every reader of JSON.
    package func aggregate(
        _ plan: EntityPlan, _ query: AggregateQuery, in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> AggregateAnswer {
        var query = query
        query.records = try await SearchReading(lane: lane).planned(query.records, plan, in: scope)
        let command = plan.aggregate(query, for: scope.records(reach))
        let rows = try await lane.read(command, in: scope, constraints: plan.constraints, readsMuch: true)
        let count = min(rows.count, AggregateQuery.groupCountMax)
        for row in 0..<count where rows.text(row, 1) == "true" {
            throw Problem(.amountOverflow, "A sum is too large to be exact; ask for smaller groups or fewer records.")
        }
        return AggregateAnswer(
            groups: (0..<count).map { JSONText(rows, row: $0, column: 0) }, hasMore: rows.count > count)
    }
}

/// The groups of an aggregate, in order.
package struct AggregateAnswer: Sendable {
    package let groups: [JSONText]
    /// Whether groups were cut off.
    package let hasMore: Bool
}
