/// One column of a table.
package struct ColumnModel: Hashable, Sendable {
    package let name: String
    /// The SQL type: `text`, `bigint`, ….
    package let type: String
    package var isNullable: Bool
    /// The default as SQL; nil for none.
    package var defaultText: String?
    /// The expression of a stored generated column; nil for an ordinary one.
    package let generated: String?

    package init(
        name: String, type: String, isNullable: Bool, defaultText: String? = nil, generated: String? = nil
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.defaultText = defaultText
        self.generated = generated
    }

    /// As it stands in CREATE TABLE and ADD COLUMN.
    var definition: String {
        let null = isNullable ? "" : " NOT NULL"
        let value = defaultText.map { " DEFAULT \($0)" } ?? ""
        let expression = generated.map { " GENERATED ALWAYS AS (\($0)) STORED" } ?? ""
        return "\(SQLName.quoted(name)) \(type)\(null)\(value)\(expression)"
    }
}
