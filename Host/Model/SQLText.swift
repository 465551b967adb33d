/// One SQL statement, its values apart as parameters `$1`, `$2`, ….
package struct SQLStatement: Hashable, Sendable {
    /// What the prepared statement is called on a connection; nil for one not worth preparing.
    ///
    /// Two statements with one name have the same text, but for those of a plugin that was replaced: each text is
    /// prepared for itself.
    package let name: String?
    package let text: String
    package let effect: SQLEffect

    /// - Parameter effect: What it changes of what records show; unless told, everything.
    package init(name: String?, text: String, effect: SQLEffect = .unknown) {
        self.name = name
        self.text = text
        self.effect = effect
    }
}

/// A value in PostgreSQL's text form, or NULL.
package typealias SQLParameter = String?

/// A statement with its values.
package struct SQLCommand: Hashable, Sendable {
    package let statement: SQLStatement
    package let parameters: [SQLParameter]

    package init(_ statement: SQLStatement, _ parameters: [SQLParameter]) {
        self.statement = statement
        self.parameters = parameters
    }
}
