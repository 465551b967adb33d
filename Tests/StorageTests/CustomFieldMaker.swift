import HostManifest
import HostModel
import HostSQL
import HostStorage
import TestSupport

extension TestInstallation {
    /// Adds a field to an entity of a business, and gives it as the API shows it.
    @discardableResult
    func addField(
        _ key: String, _ kind: CustomField.Kind, required: Bool = false, options: [String] = [],
        target: EntityReference? = nil, max: Int? = 5,
        indexed: Bool = false, unique: Bool = false, visibleTo roles: [String] = [], to plan: EntityPlan,
        _ firm: SignedUp
    ) async throws -> JSONValue {
        let field = NewCustomField(
            entity: plan.reference, key: key, label: key, kind: kind, isRequired: required, options: options,
            target: target, position: 0, isIndexed: indexed, isUnique: unique,
            visibleToRoles: roles)
        let made = try await storage.customFields.add(field, fieldsMax: max, in: firm.scope)
        return try JSONParser.parse(made.json.bytes)
    }
}

extension TestInstallation {
    /// Builds the indexes of a business, as the operator does; gives `entity key state` of each.
    @discardableResult
    func buildIndexes(_ firm: SignedUp, isRebuilding: Bool = false) async throws -> [String] {
        var lines: [String] = []
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            let builder = CustomIndexBuilder(database: database)
            lines = try await builder.build(firm.grant.business, isRebuilding: isRebuilding).map {
                "\($0.entity) \($0.key) \($0.state.rawValue)"
            }
        }
        // What hosts are told by notification.
        customFields.forget(firm.grant.business)
        return lines
    }
}

extension StoredRecord {
    /// The id in its JSON.
    var madeID: RecordID? { (try? JSONParser.parse(json.bytes))?["id"]?.string.flatMap { RecordID($0) } }
}
