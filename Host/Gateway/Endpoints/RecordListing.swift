import HostModel
import HostSQL
import HostStorage

/// `GET …`: a page of records, put together from the rows' bytes.
struct RecordListing: TenantEndpoint {
    let target: RecordTarget
    let gate: InclusionGate

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let parameters = try QueryString.parameters(request.http.query)
        let custom = try await target.records.customFields(of: target.plan, for: parameters, in: request.tenant)
        var query = try ListQuery.parse(parameters, for: target.plan, custom: custom)
        query.selection = try gate.opened(query.selection, for: request.principal)
        let page = try await target.records.list(target.plan, query, in: request.tenant, reach: request.scope)
        let revealed = try await target.revealed(page.records, for: request)
        var response = HTTPResponse.json(PageText.bytes(page, revealed, limit: query.limit))
        response.isConfidential = revealed != nil
        return response
    }
}

/// `{"data":[…],"page":{"next":…,"limit":…}}` around records that are JSON already.
enum PageText {
    /// `{"data":[…]}`: a list without pages.
    static func bytes(_ records: [JSONText]) -> [UInt8] { data(records.lazy.map(\.bytes)) + "}".utf8 }

    /// `{"data":[…]`, which the caller goes on with.
    static func data(_ records: some Sequence<[UInt8]>) -> [UInt8] {
        var text = Array("{\"data\":[".utf8)
        for (index, record) in records.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += record
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// - Parameter revealed: The records' bytes in the place of the page's own; nil to take those.
    static func bytes(_ page: RecordPage, _ revealed: [[UInt8]]? = nil, limit: Int) -> [UInt8] {
        var text = revealed.map { data($0) } ?? data(page.records.lazy.map(\.bytes))
        text += ",\"page\":".utf8
        JSONValue.object(self.page(page, limit: limit)).write(into: &text)
        text.append(UInt8(ascii: "}"))
        return text
    }

    private static func page(_ page: RecordPage, limit: Int) -> JSONObject {
        var object: JSONObject = [
            "next": page.nextCursor.map { .string($0) } ?? .null, "limit": .int(Int64(limit)),
        ]
        if let count = page.count {
            object["count"] = .int(count.value)
            object["more"] = .bool(count.isCapped)
        }
        if let until = page.until { object["until"] = .string(until) }
        return object
    }
}
