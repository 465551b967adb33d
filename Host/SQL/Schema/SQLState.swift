/// The error codes that the schema's own rules end in (PostgreSQL, appendix A; `TB…` are ours).
package enum SQLState {
    package static let notNullViolation = "23502"
    package static let foreignKeyViolation = "23503"
    package static let uniqueViolation = "23505"
    package static let checkViolation = "23514"
    package static let exclusionViolation = "23P01"
    /// A status was to change along no declared transition, or a record to start in another status.
    package static let undeclaredTransition = "TB001"
    /// A version was to become something else than the next one.
    package static let wrongVersion = "TB002"
    /// The id, the business, the maker or the parent of a record was to change.
    package static let fixedColumn = "TB003"
    /// A status was to change without its row in the history, or without the reason that its transition needs.
    package static let missingHistory = "TB004"
    /// A custom field, whose key is the constraint's name, was to name a record that isn't there.
    package static let missingRecord = "TB006"
    /// A unique custom field, whose key is the constraint's name, was to have a value that another record has.
    package static let takenCustomValue = "TB017"

    /// Whether the error says that a value's text can't be read as the column's type.
    static func isUnreadableValue(_ state: String) -> Bool {
        ["22P02", "22003", "22007", "22008", "22021", "22P05"].contains(state)
    }
}
