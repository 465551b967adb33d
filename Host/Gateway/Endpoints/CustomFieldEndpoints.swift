import HostAuth
import HostManifest
import HostModel
import HostStorage
import HostTenancy

/// `GET /api/platform/app/v1/custom-fields`: the fields that the business added, by entity and position.
struct CustomFieldListing: TenantEndpoint {
    let fields: CustomFieldStore
    let entities: CustomFieldEntities

    static let parameters: [RoutePage.QueryParameter] = [
        .init(name: "entity", type: "string", detail: "Of one kind of record, such as `hs.work_order`.")
    ]

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        var entity: EntityReference?
        for (name, value) in try QueryString.parameters(request.http.query) {
            guard name == "entity" else { throw .invalid(name, "unknown_parameter", "The list takes entity.") }
            entity = try entities.named(value, at: name)
        }
        let records = try await fields.list(of: entity, in: request.tenant)
        return .json(PageText.bytes(records))
    }
}

/// `POST /api/platform/app/v1/custom-fields`.
struct CustomFieldCreation: TenantEndpoint {
    let fields: CustomFieldStore
    let entities: CustomFieldEntities

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let field = try entities.field(request.body.values)
        let limits = TierLimits(of: request.principal.tier)
        let made = try await fields.add(
            field, fieldsMax: limits.customFieldsPerEntityMax, indexesMax: limits.customIndexesPerEntityMax,
            in: request.tenant)
        return made.response(status: 201)
    }
}

/// `PATCH /api/platform/app/v1/custom-fields/{id}`.
struct CustomFieldChange: TenantEndpoint {
    let fields: CustomFieldStore
    let entities: CustomFieldEntities

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let values = request.body.values
        if let options = values["options"] { try CustomFieldEntities.checkOptions(options.array ?? []) }
        if let roles = values["visible_to_roles"] { _ = try entities.roles(roles) }
        return try await fields.change(
            request.recordID(), version: request.expectedVersion(), values,
            indexesMax: TierLimits(of: request.principal.tier).customIndexesPerEntityMax, in: request.tenant
        ).response()
    }
}

/// `POST /api/platform/app/v1/custom-fields/{id}/actions/archive`.
struct CustomFieldArchiving: TenantEndpoint {
    let fields: CustomFieldStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await fields.archive(request.recordID(), version: request.expectedVersion(), in: request.tenant).response()
    }
}

extension StoredRecord {
    /// The record as it is, with its version as the ETag: for records of the platform, which have no actions.
    func response(status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: .text(json), fields: [EntityTag.field(version: version)])
    }
}

/// Which entities there are, and what a field of one may look like.
struct CustomFieldEntities: Sendable {
    let manifests: ManifestSet

    func named(_ name: String, at path: String) throws(Problem) -> EntityReference {
        if let reference = EntityReference(name), manifests.entity(reference) != nil { return reference }
        throw .invalid(path, "unknown_entity", "There is no entity \(name.prefix(100)); write it like hs.work_order.")
    }

    /// - Throws: `validation_failed` at the member at fault.
    func field(_ values: [String: JSONValue]) throws(Problem) -> NewCustomField {
        let entity = try named(values["entity"]?.string ?? "", at: "/entity")
        guard let kind = values["type"]?.string.flatMap(CustomField.Kind.init(rawValue:)) else {
            throw .invalid("/type", "required", "A type is required.")
        }
        let options = values["options"]?.array ?? []
        switch kind {
        case .word, .words: try Self.checkOptions(options)
        default:
            guard options.isEmpty else {
                throw .invalid("/options", "read_only", "Only enum and multi_enum have options.")
            }
        }
        let isUnique = values["unique"]?.bool ?? false
        let isIndexed = isUnique || values["indexed"]?.bool ?? false
        if isIndexed, kind == .words || manifests.entity(entity)?.parent != nil { throw .notIndexable }
        return NewCustomField(
            entity: entity, key: values["key"]?.string ?? "", label: values["label"]?.string ?? "", kind: kind,
            isRequired: values["required"]?.bool ?? false, options: options.compactMap(\.string),
            target: try target(values["target"]?.string, of: kind), position: values["position"]?.int ?? 0,
            isIndexed: isIndexed, isUnique: isUnique,
            visibleToRoles: try roles(values["visible_to_roles"] ?? []))
    }

    private func target(_ name: String?, of kind: CustomField.Kind) throws(Problem) -> EntityReference? {
        switch (kind, name) {
        case (.reference, let name?): return try named(name, at: "/target")
        case (.reference, nil):
            throw .invalid("/target", "required", "A ref needs the entity that it names records of.")
        case (_, nil): return nil
        default: throw .invalid("/target", "read_only", "Only a ref has a target.")
        }
    }

    /// Roles that one field may name.
    static let rolesMax = 20

    /// The names of roles that users of the business may have; none for everybody.
    ///
    /// - Throws: `validation_failed` at each that there isn't.
    func roles(_ names: JSONValue) throws(Problem) -> [String] {
        let names = (names.array ?? []).compactMap(\.string)
        let known = Set(RoleDefinition.all(of: manifests).map(\.name))
        let faults = names.enumerated().filter { !known.contains($0.element) }.map { index, name in
            Problem.Fault(
                path: "/visible_to_roles/\(index)", code: "unknown_role",
                detail: "There is no role \(name); there are \(known.sorted().joined(separator: ", ")).")
        }
        guard faults.isEmpty else {
            throw Problem(.validationFailed, "The field names a role that there isn't.", faults: faults)
        }
        guard Set(names).count == names.count else {
            throw .invalid("/visible_to_roles", "format", "Name each role once.")
        }
        return names
    }

    static let optionLengthMax = 100

    static func checkOptions(_ options: [JSONValue]) throws(Problem) {
        let words = options.compactMap(\.string)
        guard (1...200).contains(options.count), words.count == options.count, Set(words).count == words.count,
            words.allSatisfy({ (1...optionLengthMax).contains($0.unicodeScalars.count) })
        else {
            throw .invalid(
                "/options", "format", "Options are 1 to 200 texts of 1 to \(optionLengthMax) characters, each once.")
        }
    }
}
