import HostModel
import HostSQL
import HostStorage

/// `GET …`: a page of records, put together from the rows' bytes.
struct RecordListing: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let query = try ListQuery.parse(QueryString.parameters(request.http.query), for: plan)
        let page = try await records.list(plan, query, in: request.tenant, reach: request.scope)
        return .json(PageText.bytes(page.records, next: page.nextCursor, limit: query.limit))
    }
}

/// `{"data":[…],"page":{"next":…,"limit":…}}` around records that are JSON already.
enum PageText {
    static func bytes(_ records: [JSONText], next: String?, limit: Int) -> [UInt8] {
        var text = Array("{\"data\":[".utf8)
        for (index, record) in records.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += record.bytes
        }
        text += "],\"page\":{\"next\":".utf8
        (next.map { JSONValue.string($0) } ?? .null).write(into: &text)
        text += ",\"limit\":\(limit)}}".utf8
        return text
    }
}
