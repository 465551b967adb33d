/// One column of a table.
package struct ColumnModel: Hashable, Sendable {
    package var name: String
    /// The SQL type: `text`, `bigint`, ….
    package let type: String
    package var isNullable: Bool
    /// The default as SQL; nil for none.
    package var defaultText: String?
    /// The expression of a stored generated column; nil for an ordinary one.
    package var generated: String?
    /// No manifest has it any more; it waits for the contract phase.
    package var isRetired: Bool
    /// Empty values were replaced by the default, before the column may become NOT NULL.
    package var isFilled: Bool

    package init(
        name: String, type: String, isNullable: Bool, defaultText: String? = nil, generated: String? = nil,
        isRetired: Bool = false, isFilled: Bool = false
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.defaultText = defaultText
        self.generated = generated
        self.isRetired = isRetired
        self.isFilled = isFilled
    }

    /// As it stands in CREATE TABLE and ADD COLUMN.
    var definition: String {
        let null = isNullable ? "" : " NOT NULL"
        let value = defaultText.map { " DEFAULT \($0)" } ?? ""
        let expression = generated.map { " GENERATED ALWAYS AS (\($0)) STORED" } ?? ""
        return "\(SQLName.quoted(name)) \(type)\(null)\(value)\(expression)"
    }
}
