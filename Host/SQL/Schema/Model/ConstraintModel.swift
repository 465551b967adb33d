/// A constraint of a table, by name.
package struct ConstraintModel: Hashable, Sendable {
    /// Decides how it can be added to a table that has rows.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case primaryKey
        /// To the platform's table of businesses.
        case business
        /// To another record table.
        case reference
        case unique
        case check
        case exclude
    }

    package var name: String
    package let kind: Kind
    /// What follows the name: `CHECK (…)`, `UNIQUE (…)`, `FOREIGN KEY (…) REFERENCES …`.
    package var definition: String
    /// What the check of a column's type allows, so that a wider one is told from a narrower one; nil for any other.
    package let bounds: ValueBounds?
    /// False while rows from before it haven't been checked; new ones always are.
    package var isValidated: Bool

    package init(
        name: String, kind: Kind, definition: String, bounds: ValueBounds? = nil, isValidated: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.definition = definition
        self.bounds = bounds
        self.isValidated = isValidated
    }

    /// As it stands in CREATE TABLE and after ADD.
    var clause: String { "CONSTRAINT \(SQLName.quoted(name)) \(definition)" }
}

/// What a column's CHECK allows.
package enum ValueBounds: Hashable, Sendable {
    /// One of these words.
    case words([String])
    /// A set of these words.
    case wordSet([String])
    /// A number, both ends allowed.
    case range(min: Int64, max: Int64)
    /// A text of so many characters, and a pattern over all of it.
    case length(min: Int, max: Int, pattern: String?)

    /// Whether every value that `other` allows is allowed here too.
    package func contains(_ other: ValueBounds) -> Bool {
        switch (self, other) {
        case (.words(let mine), .words(let theirs)), (.wordSet(let mine), .wordSet(let theirs)):
            Set(mine).isSuperset(of: theirs)
        case (.range(let low, let high), .range(let min, let max)): low <= min && high >= max
        case (.length(let low, let high, let mine), .length(let min, let max, let theirs)):
            low <= min && high >= max && (mine == nil || mine == theirs)
        case (.length(let low, let high, nil), .words(let words)):
            words.allSatisfy { low <= $0.unicodeScalars.count && $0.unicodeScalars.count <= high }
        default: false
        }
    }
}

/// An index of a table, by name.
package struct IndexModel: Hashable, Sendable {
    package var name: String
    package let isUnique: Bool
    /// What follows the name: `ON "hs"."work_order" (business_id, "number", id)`.
    package var definition: String

    package init(name: String, isUnique: Bool, definition: String) {
        self.name = name
        self.isUnique = isUnique
        self.definition = definition
    }

    func create(concurrently: Bool = false) -> String {
        let unique = isUnique ? "UNIQUE " : ""
        let how = concurrently ? "CONCURRENTLY " : ""
        return "CREATE \(unique)INDEX \(how)\(SQLName.quoted(name)) \(definition)"
    }
}
