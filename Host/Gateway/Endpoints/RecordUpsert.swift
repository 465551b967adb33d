import HostManifest
import HostModel
import HostSQL
import HostStorage

/// `PUT …/external/{id}`: makes the record of that external id, or replaces the members sent of the one that is there.
struct RecordUpsert: TenantEndpoint {
    let target: RecordTarget
    let base: String
    let ids: UUIDv7Source

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let externalID = try Self.externalID(request.parameter)
        try Self.check(request.body, externalID)
        let made = RecordID(ids.next())
        var new = request.body.values
        new["id"] = .string(made.description)
        new["external_id"] = .string(externalID)
        var changes = Self.changes(request.body, target.plan)
        changes["external_id"] = .string(externalID)
        let (record, id, isNew) = try await target.records.upsert(
            target.plan, external: externalID, new: new, changes: changes, version: request.version,
            in: request.tenant, reach: request.scope, id: made, lines: target.lineRights(request.principal))
        return await target.answerWrite(
            record, id, to: request, status: isNew ? 201 : 200, location: isNew ? "\(base)/\(id)" : nil)
    }

    /// The segment of the path without its percent-encoding.
    ///
    /// - Throws: `not_found` for one that can't be an external id.
    private static func externalID(_ segment: String?) throws(Problem) -> String {
        guard let segment, let text = QueryString.percentDecoded(segment),
            (1...200).contains(text.unicodeScalars.count), !text.utf8.contains(0)
        else { throw .notFound("external id") }
        return text
    }

    /// The path names the record; a body may say the same.
    private static func check(_ body: CheckedBody, _ externalID: String) throws(Problem) {
        if body.sent.contains("id") {
            throw .invalid("/id", "read_only", "The external id in the path names the record; leave the id out.")
        }
        if body.sent.contains("external_id"), body.values["external_id"] != .string(externalID) {
            throw .invalid("/external_id", "read_only", "It is the one in the path; leave it out.")
        }
    }

    /// Only what was sent: a default must not replace what somebody chose. A null that was sent clears.
    private static func changes(_ body: CheckedBody, _ plan: EntityPlan) -> [String: JSONValue] {
        var changes: [String: JSONValue] = [:]
        for lines in plan.lines { changes[lines.member] = body.values[lines.member] }
        if body.sent.contains("custom") { changes["custom"] = body.values["custom"] ?? .object(JSONObject()) }
        for field in plan.entity.fields where body.sent.contains(field.column) {
            changes[field.name] = body.values[field.name] ?? .null
        }
        return changes
    }
}
