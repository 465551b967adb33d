import HostModel
import HostSQL
import HostStorage

/// `GET …/aggregate`: numbers over the records of a list.
struct RecordAggregation: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let parameters = try QueryString.parameters(request.http.query)
        let custom = try await records.customFields(of: plan, for: parameters, in: request.tenant)
        let query = try AggregateQuery.parse(parameters, for: plan, custom: custom)
        let answer = try await records.aggregate(plan, query, in: request.tenant, reach: request.scope)
        return .json(PageText.data(answer.groups.lazy.map(\.bytes)) + ",\"more\":\(answer.hasMore)}".utf8)
    }
}
