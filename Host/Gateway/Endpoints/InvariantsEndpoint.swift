import HostModel
import HostStorage

/// `GET /api/platform/app/v1/invariants`: what the invariants of the plugins found in this business last.
struct InvariantsEndpoint: TenantEndpoint {
    let invariants: InvariantStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        guard let parameter = try QueryString.parameters(request.http.query).first else {
            return .json(bytes(try await invariants.list(in: request.tenant)))
        }
        throw .invalid(parameter.name, "unknown_parameter", "The list of invariants takes no parameters.")
    }

    private func bytes(_ rows: [JSONText]) -> [UInt8] {
        var text = Array("{\"data\":[".utf8)
        for (index, row) in rows.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += row.bytes
        }
        return text + Array("]}".utf8)
    }
}
