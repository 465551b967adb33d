import HostAuth
import HostModel
import HostStorage

extension RecordTarget {
    /// The sensitive values of records, for a caller who may see them; nil for everybody else, who sees masks.
    func secrets(
        of records: [RecordID], for request: AuthorizedRequest
    ) async throws(Problem) -> [RecordID: [String: JSONValue]]? {
        guard let reveal, !records.isEmpty, let reach = request.principal.permissions.scope(of: reveal) else {
            return nil
        }
        return try await self.records.secrets(plan, of: records, in: request.tenant, reach: reach)
    }

    /// The answer with sensitive values in the place of their masks.
    func answer(
        _ record: StoredRecord, revealing secrets: [String: JSONValue], _ id: RecordID, to principal: Principal,
        status: Int = 200, location: String? = nil
    ) -> HTTPResponse {
        guard let json = try? JSONParser.parse(record.json.bytes) else {
            return answer(record, id, to: principal, status: status, location: location)
        }
        var bytes = json.revealing(secrets).utf8
        if let actions, let standing = record.standing {
            bytes.removeLast()
            bytes += actions.ending(id, standing, for: principal)
        }
        var fields = [EntityTag.field(version: record.version)]
        if let location { fields.append(.init("Location", location)) }
        var response = HTTPResponse.json(bytes, status: status, fields: fields)
        response.isConfidential = true
        return response
    }

    /// The answer to a write, which is committed: should its secrets not be readable now, it has masks.
    func answerWrite(
        _ record: StoredRecord, _ id: RecordID, to request: AuthorizedRequest, status: Int = 200,
        location: String? = nil
    ) async -> HTTPResponse {
        if reveal != nil, let secrets = try? await secrets(of: [id], for: request), let own = secrets[id] {
            return answer(
                record, revealing: own, id, to: request.principal, status: status, location: location)
        }
        return answer(record, id, to: request.principal, status: status, location: location)
    }

    /// The bytes of a page's records with sensitive values; nil for a caller who may not see them.
    func revealed(_ records: [JSONText], for request: AuthorizedRequest) async throws(Problem) -> [[UInt8]]? {
        guard let reveal, request.principal.permissions.scope(of: reveal) != nil else { return nil }
        let parsed = records.map { (try? JSONParser.parse($0.bytes)) ?? .null }
        let ids = parsed.map { $0["id"]?.string.flatMap { RecordID($0) } }
        let secrets = try await secrets(of: ids.compactMap { $0 }, for: request) ?? [:]
        return zip(parsed, ids).map { json, id in json.revealing(id.flatMap { secrets[$0] } ?? [:]).utf8 }
    }
}
