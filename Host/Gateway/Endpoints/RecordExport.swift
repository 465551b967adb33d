import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostStorage

extension RecordEndpoints {
    func export(_ group: RecordGroup) -> any TenantEndpoint {
        RecordExport(records: records, exports: exports, group: group)
    }
}

/// `GET …/export`: all records of the list, streamed.
private struct RecordExport: TenantEndpoint {
    let records: RecordStore
    let exports: ExportStore
    let group: RecordGroup

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let parameters = try QueryString.parameters(request.http.query)
        let custom = try await records.customFields(of: group.plan, for: parameters, in: request.tenant)
        let query = try ExportQuery.parse(parameters, for: group.plan, custom: custom)
        let reading = try request.principal.permissions.require(group.permission("read"))
        let (tenant, reach) = (request.tenant, min(request.scope, reading))
        let permission = group.permission("export")
        let stream = HTTPStream(deadline: ExportStore.deadline) { [exports, group] writer in
            try await exports.export(group.plan, query, as: permission, in: tenant, reach: reach) {
                try await writer.write($0)
            }
        }
        let name = "\(group.route).\(query.format.rawValue)"
        return HTTPResponse(
            status: 200, contentType: .other(query.format.contentType), body: .stream(stream),
            fields: [.init("Content-Disposition", FileName.attachment(name))])
    }
}

extension ExportQuery.Format {
    fileprivate var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .ndjson: "application/x-ndjson"
        }
    }
}

/// The query parameters of an export, for its page in the OpenAPI document.
enum ExportParameters {
    static func all(_ group: RecordGroup) -> [RoutePage.QueryParameter] {
        let own: [RoutePage.QueryParameter] = [
            .init(name: "format", type: "string", detail: "`ndjson` (if not given) or `csv`."),
            .init(name: "fields", type: "string", detail: "Members with commas between them; all if not given."),
            .init(
                name: "safe", type: "string",
                detail:
                    "`true` (if not given): in CSV, texts that a spreadsheet would take for a formula get an "
                    + "apostrophe in front. `false` gives every text as it is."),
        ]
        // In one order always, and all of it.
        return own + ListParameters.all(group).filter { $0.name == "q" || $0.name.hasPrefix("filter[") }
    }
}
