import HostModel
import HostSQL
import HostStorage

/// `GET …/aggregate`: numbers over the records of a list.
struct RecordAggregation: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let query = try AggregateQuery.parse(QueryString.parameters(request.http.query), for: plan)
        let answer = try await records.aggregate(plan, query, in: request.tenant, reach: request.scope)
        var text = Array("{\"data\":[".utf8)
        for (index, group) in answer.groups.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += group.bytes
        }
        text += "],\"more\":\(answer.hasMore)}".utf8
        return .json(text)
    }
}
