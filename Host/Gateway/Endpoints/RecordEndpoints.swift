import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostStorage
import HostTenancy

/// Makes the endpoints of generated record routes: the host alone, from the manifest.
struct RecordEndpoints: Sendable {
    let records: RecordStore
    let exports: ExportStore
    let ids: UUIDv7Source
    /// The plugin whose routes these are.
    let manifest: Manifest
    let features: FeatureGate
    /// The manifests in service.
    let set: ManifestSet

    func read(_ group: RecordGroup) -> any TenantEndpoint { RecordReading(target: target(group), gate: gate) }

    func list(_ group: RecordGroup) -> any TenantEndpoint { RecordListing(target: target(group), gate: gate) }

    func aggregate(_ group: RecordGroup) -> any TenantEndpoint {
        RecordAggregation(records: records, plan: group.plan)
    }

    func history(_ group: RecordGroup) -> any TenantEndpoint { HistoryEndpoint(records: records, plan: group.plan) }

    func create(_ group: RecordGroup) -> any TenantEndpoint {
        RecordCreation(target: target(group), base: group.base, ids: ids)
    }

    func update(_ group: RecordGroup) -> any TenantEndpoint { RecordUpdate(target: target(group)) }

    func archive(_ group: RecordGroup) -> any TenantEndpoint { RecordArchiving(target: target(group)) }

    func transition(_ group: RecordGroup, _ transition: StateMachine.Transition) -> any TenantEndpoint {
        RecordTransition(target: target(group), name: transition.name)
    }

    func adjust(_ group: RecordGroup) -> any TenantEndpoint { RecordAdjusting(target: target(group)) }

    func label(_ group: RecordGroup) -> any TenantEndpoint { RecordLabelling(target: target(group)) }

    /// - Parameter fields: Of a new record.
    func batch(_ group: RecordGroup, _ verbs: Set<BatchItem.Verb>, creating fields: [Field]) -> any TenantEndpoint {
        let status = group.entity.states?.field
        return RecordBatch(
            target: target(group), group: group, ids: ids, verbs: verbs,
            creates: InputValidator(.create, fields, status: status, lines: group.lines(.new)),
            patches: InputValidator(.patch, group.entity.bodyFields, status: status, lines: group.lines(.some)))
    }

    func upsert(_ group: RecordGroup) -> any TenantEndpoint {
        RecordUpsert(target: target(group), base: group.base, ids: ids)
    }

    private var gate: InclusionGate { InclusionGate(manifest: manifest, set: set, features: features) }

    private func target(_ group: RecordGroup) -> RecordTarget {
        RecordTarget(
            records: records, plan: group.plan, reveal: group.reveal,
            actions: RecordActions(group, of: manifest, features: features))
    }
}

/// The records that a route is about, and how one of them is answered with.
struct RecordTarget: Sendable {
    let records: RecordStore
    let plan: EntityPlan
    /// Nil for an entity without sensitive fields.
    let reveal: Permission?
    /// Nil for an entity without statuses.
    let actions: RecordActions?

    /// What somebody may do to lines that come with their document.
    func lineRights(_ principal: Principal) -> LineRights {
        plan.mount == nil ? LineRights(principal.permissions) : .ofDocument
    }

    /// The record itself, with its version as the ETag; the bytes of PostgreSQL go out as they are, and after them the
    /// actions that are possible now.
    func answer(
        _ record: StoredRecord, _ id: RecordID, to principal: Principal, status: Int = 200, location: String? = nil
    ) -> HTTPResponse {
        var fields = [EntityTag.field(version: record.version)]
        if let location { fields.append(.init("Location", location)) }
        guard let actions, let standing = record.standing else {
            return HTTPResponse(status: status, body: .text(record.json), fields: fields)
        }
        let ending = actions.ending(id, standing, for: principal)
        return HTTPResponse(status: status, body: .spliced(record.json, ending: ending), fields: fields)
    }
}

/// `GET …/{id}`: the hot path, one unit on the lane.
private struct RecordReading: TenantEndpoint {
    let target: RecordTarget
    let gate: InclusionGate

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let id = try request.recordID()
        let query = request.http.query
        let asked = query.isEmpty ? .all : try target.plan.selection(QueryString.parameters(query))
        let selection = try gate.opened(asked, for: request.principal)
        let record = try await target.records.read(
            target.plan, id, selection, in: request.tenant, reach: request.scope)
        if let secrets = try await target.secrets(of: [id], for: request)?[id] {
            return target.answer(record, revealing: secrets, id, to: request.principal)
        }
        return target.answer(record, id, to: request.principal)
    }
}

/// `POST …`.
private struct RecordCreation: TenantEndpoint {
    let target: RecordTarget
    let base: String
    let ids: UUIDv7Source

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        var values = request.body.values
        let id = values["id"]?.string.flatMap { RecordID($0) } ?? RecordID(ids.next())
        values["id"] = .string(id.description)
        let record = try await target.records.create(
            target.plan, values, in: request.tenant, reach: request.scope, lines: target.lineRights(request.principal))
        return await target.answerWrite(record, id, to: request, status: 201, location: "\(base)/\(id)")
    }
}

/// `PATCH …/{id}`: the members of the body replace those of the record, the others stay (RFC 7396, one level deep).
private struct RecordUpdate: TenantEndpoint {
    let target: RecordTarget

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let id = try request.recordID()
        let record = try await target.records.update(
            target.plan, id, version: request.expectedVersion(), request.body.values, in: request.tenant,
            reach: request.scope, lines: target.lineRights(request.principal))
        return await target.answerWrite(record, id, to: request)
    }
}

/// `POST …/{id}/actions/archive`.
private struct RecordArchiving: TenantEndpoint {
    let target: RecordTarget

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let id = try request.recordID()
        let record = try await target.records.archive(
            target.plan, id, version: request.expectedVersion(), in: request.tenant, reach: request.scope)
        return await target.answerWrite(record, id, to: request)
    }
}

/// `POST …/{id}/actions/{transition}` for a transition that needs no code.
private struct RecordTransition: TenantEndpoint {
    let target: RecordTarget
    let name: String

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let id = try request.recordID()
        let record = try await target.records.transition(
            target.plan, id, name, version: request.version, reason: request.body.values["reason"]?.string,
            in: request.tenant, reach: request.scope)
        return await target.answerWrite(record, id, to: request)
    }
}

/// `POST …/{id}/actions/adjust`.
private struct RecordAdjusting: TenantEndpoint {
    let target: RecordTarget

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let id = try request.recordID()
        var steps: [String: Int64] = [:]
        for counter in target.plan.entity.counters { steps[counter.name] = request.body.values[counter.name]?.int }
        let record = try await target.records.adjust(
            target.plan, id, version: request.version, adding: steps,
            reason: request.body.values["reason"]?.string, in: request.tenant, reach: request.scope)
        return await target.answerWrite(record, id, to: request)
    }
}

/// `POST …/{id}/actions/label`: the business's own word for the status that the record has; null takes it away.
private struct RecordLabelling: TenantEndpoint {
    let target: RecordTarget

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let id = try request.recordID()
        guard request.body.sent.contains(StateMachine.labelColumn) else {
            throw .invalid("/\(StateMachine.labelColumn)", "required", "Name a label, or null for none.")
        }
        let record = try await target.records.setLabel(
            target.plan, id, version: request.version,
            to: request.body.values[StateMachine.labelColumn]?.string.flatMap { RecordID($0) },
            reason: request.body.values["reason"]?.string, in: request.tenant, reach: request.scope)
        return await target.answerWrite(record, id, to: request)
    }
}
