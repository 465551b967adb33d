import HostManifest
import HostModel
import HostStorage

/// `GET /api/platform/app/v1/status-labels`: the business's own words for statuses.
struct LabelListing: TenantEndpoint {
    let labels: LabelStore
    let statuses: LabelStatuses

    static let parameters: [RoutePage.QueryParameter] = [
        .init(name: "entity", type: "string", detail: "Of one kind of record, such as `hs.work_order`."),
        .init(name: "status", type: "string", detail: "Of one status; with `entity` only."),
    ]

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        var given: [String: String] = [:]
        for (name, value) in try QueryString.parameters(request.http.query) {
            guard ["entity", "status"].contains(name) else {
                throw .invalid(name, "unknown_parameter", "The list takes entity and status.")
            }
            guard given.updateValue(value, forKey: name) == nil else {
                throw .invalid(name, "duplicate_parameter", "\(name) stands here twice.")
            }
        }
        if given["entity"] == nil, given["status"] != nil {
            throw .invalid("status", "comparison", "A status is one of an entity: name it too.")
        }
        let entity = try given["entity"].map { name throws(Problem) in try statuses.entity(name, at: "entity") }
        if let entity, let status = given["status"] { try statuses.check(status, of: entity, at: "status") }
        let records = try await labels.list(of: entity, status: given["status"], in: request.tenant)
        return .json(PageText.bytes(records))
    }
}

/// `POST /api/platform/app/v1/status-labels`.
struct LabelCreation: TenantEndpoint {
    let labels: LabelStore
    let statuses: LabelStatuses

    /// For labels that are made without one: a middle grey.
    static let standardColour = "#808080"

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let body = request.body.values
        let entity = try statuses.entity(body["entity"]?.string ?? "", at: "/entity")
        let status = body["status"]?.string ?? ""
        try statuses.check(status, of: entity, at: "/status")
        var values = LabelStore.Values(body)
        values.colour = values.colour ?? Self.standardColour
        let made = try await labels.add(.init(entity: entity, status: status, values: values), in: request.tenant)
        return made.response(status: 201)
    }
}

/// `PATCH /api/platform/app/v1/status-labels/{id}`.
struct LabelChange: TenantEndpoint {
    let labels: LabelStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await labels.change(
            request.recordID(), version: request.expectedVersion(), LabelStore.Values(request.body.values),
            in: request.tenant
        ).response()
    }
}

/// `POST /api/platform/app/v1/status-labels/{id}/actions/archive`.
struct LabelArchiving: TenantEndpoint {
    let labels: LabelStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await labels.archive(request.recordID(), version: request.expectedVersion(), in: request.tenant)
            .response()
    }
}

extension LabelStore.Values {
    fileprivate init(_ body: [String: JSONValue]) {
        self.init(
            name: body["name"]?.string, colour: body["colour"]?.string?.lowercased(),
            position: body["position"]?.int, isDefault: body["is_default"]?.bool)
    }
}

/// Which statuses can have labels.
struct LabelStatuses: Sendable {
    let manifests: ManifestSet

    /// - Throws: `validation_failed` for an entity that isn't there or has no labels.
    func entity(_ name: String, at path: String) throws(Problem) -> EntityReference {
        if let reference = EntityReference(name), manifests.entity(reference)?.states?.hasLabels == true {
            return reference
        }
        throw .invalid(
            path, "unknown_entity",
            "There is no entity \(name.prefix(100)) whose statuses have labels; write it like hs.work_order.")
    }

    func check(_ status: String, of entity: EntityReference, at path: String) throws(Problem) {
        let known = manifests.entity(entity)?.states?.statuses ?? []
        guard !known.contains(status) else { return }
        throw .invalid(path, "enum", "The value must be one of \(known.joined(separator: ", ")).")
    }
}
