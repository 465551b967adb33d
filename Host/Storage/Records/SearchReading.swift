import HostModel
import HostPostgres
import HostSQL

/// Finds out how a search is best gone about: two round trips more, three where a word is misspelt. For searches only.
struct SearchReading: Sendable {
    let lane: TenantLane

    /// The same list with its plan; as it is without a search.
    ///
    /// - Throws: `validation_failed` for a `q` without words, or with too many.
    func planned(
        _ query: ListQuery, _ plan: EntityPlan, in scope: TenantScope
    ) async throws(Problem) -> ListQuery {
        guard let search = query.search, let command = plan.tokens(of: search) else { return query }
        let tokens = words(try await lane.read(command, in: scope))
        try SearchPlan.check(tokens)
        var counts = try await counts(of: SearchTerm.terms(of: tokens), plan, in: scope)
        for place in counts.indices where counts[place].count == 0 {
            guard let near = plan.spellings(near: counts[place].term.word) else { continue }
            let found = words(try await lane.read(near, in: scope, readsMuch: true))
            guard !found.isEmpty else { continue }
            let term = SearchTerm(word: counts[place].term.word, beginnings: found)
            counts[place] = try await self.counts(of: [term], plan, in: scope)[0]
        }
        var query = query
        query.searchPlan = SearchPlan.plan(counts)
        return query
    }

    private func counts(
        of terms: [SearchTerm], _ plan: EntityPlan, in scope: TenantScope
    ) async throws(Problem) -> [(term: SearchTerm, count: Int64)] {
        let answers = try await lane.read(plan.counts(of: terms), in: scope, readsMuch: true)
        return zip(terms, answers).map { ($0, $1.integer(0, 0) ?? 0) }
    }

    private func words(_ rows: Rows) -> [String] { (0..<rows.count).compactMap { rows.text($0, 0) } }
}
