import HostModel
import HostSQL
import HostStorage

/// `GET …/{id}/history`: how a record came to its status, oldest change first.
struct HistoryEndpoint: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let page = try PageParameters(QueryString.parameters(request.http.query), of: "a history")
        let history = try await records.history(
            plan, request.recordID(), limit: page.limit, cursor: page.cursor, in: request.tenant,
            reach: request.scope)
        return .json(PageText.bytes(history, limit: page.limit))
    }
}

/// `limit` and `cursor`, of lists that take nothing else.
struct PageParameters {
    private(set) var limit = 50
    private(set) var cursor: String?

    static let limitMax = 200
    static let documented: [RoutePage.QueryParameter] = [
        .init(name: "limit", type: "integer", detail: "How many, 1 to 200; 50 if not given."),
        .init(name: "cursor", type: "string", detail: "`page.next` of the page before."),
    ]

    /// - Throws: `validation_failed` for the first parameter at fault.
    init(_ parameters: [(name: String, value: String)], of list: String) throws(Problem) {
        for (name, value) in parameters {
            switch name {
            case "cursor": cursor = value
            case "limit":
                guard let limit = Int(value), (1...Self.limitMax).contains(limit) else {
                    throw .invalid(name, "out_of_range", "limit is a whole number from 1 to \(Self.limitMax).")
                }
                self.limit = limit
            default: throw .invalid(name, "unknown_parameter", "The page of \(list) takes limit and cursor.")
            }
        }
    }
}
