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

        init(schema: String, table: String) {
            self.schema = schema
            self.table = table
        }

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
        switch field.type {
        case .reference(let reference): target = Target(reference)
        case .file: target = Target(schema: "files", table: "file")
        default: break
        }
        self.init(
            field.column, field.isSensitive ? .sealed(field.type) : ColumnType(field.type),
            isNullable: !field.isRequired && field.defaultValue == nil,
            defaultValue: field.defaultValue, isSensitive: field.isSensitive, target: target)
    }

    /// Whether the JSON of a record shows something else than PostgreSQL makes of the column.
    var isConverted: Bool { type.form != .json || isSensitive }

    /// What the JSON of a record shows, as an expression.
    ///
    /// - Parameter alias: The row's.
    func shown(_ alias: String) -> String {
        let column = raw(alias)
        if isSensitive { return "CASE WHEN \(column) IS NOT NULL THEN \(SQLName.literal(Field.mask)) END" }
        return type.form.shown(column) ?? column
    }

    /// The same with the name that it has in the JSON: `t."summary"`, `CASE … END AS "took"`.
    func member(_ alias: String) -> String {
        isConverted ? "\(shown(alias)) AS \(SQLName.quoted(name))" : raw(alias)
    }

    /// The column itself: `t."summary"`.
    func raw(_ alias: String) -> String { "\(alias).\(SQLName.quoted(name))" }
}
