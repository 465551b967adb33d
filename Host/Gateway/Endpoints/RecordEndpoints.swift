import HostManifest
import HostModel
import HostSQL
import HostStorage

/// Makes the endpoints of generated record routes: the host alone, from the manifest.
struct RecordEndpoints: Sendable {
    let records: RecordStore
    let ids: UUIDv7Source

    func read(_ group: RecordGroup) -> any TenantEndpoint { RecordReading(records: records, plan: group.plan) }

    func list(_ group: RecordGroup) -> any TenantEndpoint { RecordListing(records: records, plan: group.plan) }

    func create(_ group: RecordGroup) -> any TenantEndpoint {
        RecordCreation(records: records, plan: group.plan, base: group.base, ids: ids)
    }

    func update(_ group: RecordGroup) -> any TenantEndpoint { RecordUpdate(records: records, plan: group.plan) }

    func archive(_ group: RecordGroup) -> any TenantEndpoint { RecordArchiving(records: records, plan: group.plan) }

    func transition(_ group: RecordGroup, _ transition: StateMachine.Transition) -> any TenantEndpoint {
        RecordTransition(records: records, plan: group.plan, name: transition.name)
    }
}

extension AuthorizedRequest {
    var tenant: TenantScope { TenantScope(principal, request: http.id) }
}

extension StoredRecord {
    /// The record itself, with its version as the ETag; the bytes of PostgreSQL go out as they are.
    func response(status: Int = 200, location: String? = nil) -> HTTPResponse {
        var fields = [EntityTag.field(version: version)]
        if let location { fields.append(.init("Location", location)) }
        return HTTPResponse(status: status, body: .text(json), fields: fields)
    }
}

/// `GET …/{id}`: the hot path, one unit on the lane.
private struct RecordReading: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await records.read(plan, request.recordID(), in: request.tenant, reach: request.scope).response()
    }
}

/// `POST …`.
private struct RecordCreation: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan
    let base: String
    let ids: UUIDv7Source

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        var values = request.body.values
        let id = values["id"]?.string ?? RecordID(ids.next()).description
        values["id"] = .string(id)
        return try await records.create(plan, values, in: request.tenant)
            .response(status: 201, location: "\(base)/\(id)")
    }
}

/// `PATCH …/{id}`: the members of the body replace those of the record, the others stay (RFC 7396, one level deep).
private struct RecordUpdate: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await records.update(
            plan, request.recordID(), version: request.expectedVersion(), request.body.values, in: request.tenant,
            reach: request.scope
        ).response()
    }
}

/// `POST …/{id}/actions/archive`.
private struct RecordArchiving: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await records.archive(
            plan, request.recordID(), version: request.expectedVersion(), in: request.tenant, reach: request.scope
        ).response()
    }
}

/// `POST …/{id}/actions/{transition}` for a transition that needs no code.
private struct RecordTransition: TenantEndpoint {
    let records: RecordStore
    let plan: EntityPlan
    let name: String

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await records.transition(
            plan, request.recordID(), name, version: request.version, reason: request.body.values["reason"]?.string,
            in: request.tenant, reach: request.scope
        ).response()
    }
}
