package import HostManifest
import HostModel
import HostSQL

/// A custom field to be made.
package struct NewCustomField: Hashable, Sendable {
    package let entity: EntityReference
    package let key: String
    package let label: String
    package let kind: CustomField.Kind
    package let isRequired: Bool
    package let options: [String]
    package let target: EntityReference?
    package let position: Int64
    /// Whether lists are to find records by it.
    package let isIndexed: Bool
    /// Whether no two records may have one value; it is indexed then.
    package let isUnique: Bool
    /// Who may see it: roles of the business; empty for everybody.
    package let visibleToRoles: [String]

    package init(
        entity: EntityReference, key: String, label: String, kind: CustomField.Kind, isRequired: Bool,
        options: [String], target: EntityReference?, position: Int64, isIndexed: Bool = false, isUnique: Bool = false,
        visibleToRoles: [String] = []
    ) {
        self.entity = entity
        self.key = key
        self.label = label
        self.kind = kind
        self.isRequired = isRequired
        self.options = options
        self.target = target
        self.position = position
        self.isIndexed = isIndexed || isUnique
        self.isUnique = isUnique
        self.visibleToRoles = visibleToRoles
    }

    /// What the audit trail tells of it.
    var changes: JSONObject {
        var changes = JSONObject(["entity": ["to": .string(entity.description)], "key": ["to": .string(key)]])
        if !visibleToRoles.isEmpty {
            changes["visible_to_roles"] = ["to": .array(visibleToRoles.map { .string($0) })]
        }
        return changes
    }

    /// From `$3` on.
    var parameters: [SQLParameter] {
        [
            entity.description, key, label, kind.rawValue, isRequired ? "true" : "false",
            JSONValue.array(options.map { .string($0) }).text, target?.description, String(position),
            isIndexed ? "true" : "false", isUnique ? "true" : "false",
            JSONValue.array(visibleToRoles.map { .string($0) }).text,
        ]
    }
}
