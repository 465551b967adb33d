import HostManifest
package import HostModel
import HostPostgres
package import HostSQL

extension RecordStore {
    /// Reads a page; the query's `cursor` is opened here.
    ///
    /// - Throws: `invalid_cursor`.
    package func list(
        _ plan: EntityPlan, _ query: ListQuery, in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> RecordPage {
        let list = CursorSeal.List(business: scope.business, label: plan.label, fingerprint: query.fingerprint)
        var query = try await SearchReading(lane: lane).planned(query, plan, in: scope)
        if let cursor = query.cursor { query.position = try seal.open(cursor, of: list) }
        let records = scope.records(reach)
        let horizon = plan.horizon(query)
        let count = plan.count(query, for: records)
        let commands = [horizon, plan.list(query, for: records), count].compactMap(\.self)
        var answers = try await lane.read(
            commands, in: scope, constraints: plan.constraints, readsMuch: query.mayScan || reach == .own)
        let until = horizon == nil ? nil : answers.removeFirst().text(0, 0)
        var page = page(answers[0], query, list, count: count == nil ? nil : answers[1].integer(0, 0))
        if plan.isBehind(scope.veil) { try page.rewrite { plan.veiled($0, by: scope.veil) } }
        page.until = until
        return page
    }

    private func page(_ rows: Rows, _ query: ListQuery, _ list: CursorSeal.List, count: Int64?) -> RecordPage {
        let cut = PageCut(
            bytes: (0..<rows.count).map { rows.byteCount($0, 0) }, limit: query.limit,
            bytesMax: ListQuery.pageBytesMax)
        var page = RecordPage(records: (0..<cut.count).map { JSONText(rows, row: $0, column: 0) }, nextCursor: nil)
        if cut.hasMore, let last = rows.text(cut.count - 1, 2).flatMap({ RecordID($0) }) {
            page.nextCursor = seal.seal(ListQuery.Position(key: rows.text(cut.count - 1, 1), id: last), of: list)
        }
        if let count { page.count = RecordCount(count, of: query.count) }
        return page
    }
}

/// How many of the rows that were read a page shows.
package struct PageCut: Hashable, Sendable {
    package let count: Int
    /// Whether the list goes on behind the page. After a page that its bytes ended that isn't known, and this is true.
    package let hasMore: Bool

    /// - Parameters:
    ///   - bytes: The size of each record, in the list's order; one record more than the limit when there are more.
    ///   - limit: How many records at most.
    ///   - bytesMax: How many bytes; only a page of one record may have more.
    package init(bytes: [Int], limit: Int, bytesMax: Int) {
        var count = 0
        var total = 0
        for size in bytes.prefix(limit) {
            guard count == 0 || total + size <= bytesMax else { break }
            total += size
            count += 1
        }
        self.count = count
        hasMore = count > 0 && (bytes.count > count || total > bytesMax)
    }
}
