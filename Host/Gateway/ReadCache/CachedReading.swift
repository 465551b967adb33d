import HostAuth
import HostModel
import HostSQL
import HostStorage
import NIOCore
import NIOHTTP1

/// The last stage of a read, behind every gate: answers from memory what is there, and keeps what isn't.
///
/// A hit is found on the task that the request came in, without a suspension.
struct CachedReading: Sendable {
    /// Nil to ask the database each time.
    let cache: ReadCache?
    /// Of the snapshot.
    let edition: Int

    func respond(
        to request: AuthorizedRequest, _ endpoint: any TenantEndpoint
    ) async throws(Problem) -> HTTPResponse {
        let business = request.principal.business
        guard let cache, let shows = request.shows,
            // Before the database is asked: a write that is counted from here on isn't in the answer for sure.
            let number = cache.board.number(of: shows.entities(asked: request.http.query), in: business)
        else { return Revalidation.tagged(try await endpoint.respond(to: request)) }
        let key = AnswerKey(request.principal, request.http.head.uri, edition: edition)
        let start = NIODeadline.now()
        switch cache.find(key, number, at: start) {
        case .hit(let known): return known.response
        case .miss(let isWanted):
            let response = Revalidation.tagged(try await endpoint.respond(to: request))
            if isWanted, ShownEntities.mayBeKept(request.http.query), let answer = KnownAnswer(response) {
                cache.keep(answer, key, number, from: start, at: .now())
            }
            return response
        }
    }
}

/// The entities whose records the answers of a route may show.
struct ShownEntities: Sendable {
    private let plain: [EntityMark]
    private let withIncludes: [EntityMark]

    init(_ plan: EntityPlan) {
        plain = Array(plan.shown)
        withIncludes = Array(plan.shownWithIncludes)
    }

    /// Those of an answer to a query: all that may be included where the query may ask for it. A name could be
    /// percent-encoded, so an escape counts as the word.
    func entities(asked query: Substring) -> [EntityMark] {
        guard !query.isEmpty else { return plain }
        return query.contains("include=") || query.contains("%") ? withIncludes : plain
    }

    /// Not a list of changes: how far it reaches depends on the time and on whatever else is running. Not one by the
    /// business's own fields: another host may hear a moment later of what they are. A query that can't be read has no
    /// answer that could be kept.
    static func mayBeKept(_ query: Substring) -> Bool {
        guard !query.isEmpty else { return true }
        let parameters = try? QueryString.parameters(query)
        return parameters?.contains { $0.name == "updated_since" || $0.name.contains("custom.") } == false
    }
}
