import HostAuth
import HostManifest
import HostModel
import HostStorage
import HostTenancy

/// `GET /api/platform/app/v1/me`: who the token stands for.
struct MeEndpoint: TenantEndpoint {
    let sessions: SessionStore
    let clock: any WallClock

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let principal = request.principal
        // Asked as for a new token of the session; only business, user and session are looked at.
        let claims = AccessClaims(
            user: principal.user, session: principal.session, business: principal.business,
            tokenID: request.http.id.uuid, issuedAt: clock.now(), expires: principal.expires)
        let facts = try await sessions.facts(of: claims, request: request.http.id)
        let answer: JSONValue = [
            "user": [
                "id": .string(facts.user.description), "name": .string(facts.userName), "email": .string(facts.email),
            ],
            "business": BusinessForm.json(facts.business),
            "session_id": .string(principal.session.description),
            "roles": .array(facts.roles.map { .string($0) }),
        ]
        return .json(answer.utf8)
    }
}

/// `GET /api/platform/app/v1/features`: every feature of the loaded plugins, and whether this business has it.
struct FeaturesEndpoint: TenantEndpoint {
    let manifests: ManifestSet
    let gate: FeatureGate

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let features = manifests.manifests.flatMap { manifest in
            manifest.features.map { row($0, FeatureName(plugin: manifest.id, name: $0.name), request.principal.tier) }
        }
        return .json(JSONValue.object(["data": .array(features)] as JSONObject).utf8)
    }

    private func row(_ feature: Feature, _ name: FeatureName, _ tier: Tier) -> JSONValue {
        [
            "name": .string(name.description), "title": .string(feature.title),
            "tier": .string(feature.tier.rawValue), "allowed": .bool(gate.allows(name, in: tier)),
        ]
    }
}

/// `GET /api/platform/app/v1/audit`: what was done in this business, oldest first.
struct AuditEndpoint: TenantEndpoint {
    let audit: AuditStore

    static let parameters: [RoutePage.QueryParameter] = [
        .init(name: "entity", type: "string", detail: "Entries of one kind of record, such as `hs.work_order`."),
        .init(name: "record_id", type: "string", detail: "Entries of one record."),
        .init(name: "limit", type: "integer", detail: "How many entries, 1 to 200; 50 if not given."),
        .init(name: "cursor", type: "string", detail: "`page.next` of the page before."),
    ]

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let query = try Self.query(QueryString.parameters(request.http.query))
        let page = try await audit.list(query, in: request.tenant)
        return .json(PageText.bytes(page, limit: query.limit))
    }

    private static func query(_ parameters: [(name: String, value: String)]) throws(Problem) -> AuditStore.Query {
        var query = AuditStore.Query()
        for (name, value) in parameters {
            switch name {
            case "entity": query.entity = value
            case "cursor": query.cursor = value
            case "record_id":
                guard let record = RecordID(value) else { throw .invalid(name, "type", "record_id is a UUID.") }
                query.record = record
            case "limit":
                guard let limit = Int(value), (1...AuditStore.Query.limitMax).contains(limit) else {
                    throw .invalid(name, "out_of_range", "limit is a whole number from 1 to 200.")
                }
                query.limit = limit
            default:
                throw .invalid(name, "unknown_parameter", "The audit trail takes entity, record_id, limit, cursor.")
            }
        }
        return query
    }
}
