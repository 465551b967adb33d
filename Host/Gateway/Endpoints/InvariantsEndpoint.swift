import HostModel
import HostStorage

/// `GET /api/platform/app/v1/invariants`: what the invariants of the plugins found in this business last.
struct InvariantsEndpoint: TenantEndpoint {
    let invariants: InvariantStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        guard let parameter = try QueryString.parameters(request.http.query).first else {
            return .json(PageText.bytes(try await invariants.list(in: request.tenant)))
        }
        throw .invalid(parameter.name, "unknown_parameter", "The list of invariants takes no parameters.")
    }
}
