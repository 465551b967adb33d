import HostManifest
import HostModel
import HostSQL
import HostStorage

extension TestInstallation {
    /// Adds a field to an entity of a business, and gives it as the API shows it.
    @discardableResult
    func addField(
        _ key: String, _ kind: CustomField.Kind, required: Bool = false, options: [String] = [],
        target: EntityReference? = nil, max: Int? = 5, to plan: EntityPlan, _ firm: SignedUp
    ) async throws -> JSONValue {
        let field = NewCustomField(
            entity: plan.reference, key: key, label: key, kind: kind, isRequired: required, options: options,
            target: target, position: 0)
        let made = try await storage.customFields.add(field, fieldsMax: max, in: firm.scope)
        return try JSONParser.parse(made.json.bytes)
    }
}

extension StoredRecord {
    /// The id in its JSON.
    var madeID: RecordID? { (try? JSONParser.parse(json.bytes))?["id"]?.string.flatMap { RecordID($0) } }
}
