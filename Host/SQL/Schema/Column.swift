import HostManifest
import HostModel

/// One column of a record table.
package struct Column: Hashable, Sendable {
    /// Also the member of the record's JSON.
    package let name: String
    let type: ColumnType
    package let isNullable: Bool
    /// A value in JSON form that stands in for an absent one; nil for none.
    let defaultValue: JSONValue?
    let isSensitive: Bool
    /// The table that the value is an id of.
    let target: Target?

    /// A referenced table.
    struct Target: Hashable, Sendable {
        let schema: String
        let table: String

        init(_ reference: EntityReference) {
            schema = reference.plugin.description
            table = reference.name
        }
    }

    init(
        _ name: String, _ type: ColumnType, isNullable: Bool = false, defaultValue: JSONValue? = nil,
        isSensitive: Bool = false, target: Target? = nil
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.defaultValue = defaultValue
        self.isSensitive = isSensitive
        self.target = target
    }

    /// The column of a declared field; a default makes it never NULL.
    init(_ field: Field) {
        var target: Target?
        if case .reference(let reference) = field.type { target = Target(reference) }
        self.init(
            field.column, ColumnType(field.type), isNullable: !field.isRequired && field.defaultValue == nil,
            defaultValue: field.defaultValue, isSensitive: field.isSensitive, target: target)
    }
}
