extension Entity {
    /// Columns whose values are unique together within a business; rows with a NULL among them don't count.
    package struct Unique: Hashable, Sendable {
        package let columns: [String]
        /// Which rows count; nil for all.
        package let condition: CheckExpression?

        package init(columns: [String], condition: CheckExpression? = nil) {
            self.columns = columns
            self.condition = condition
        }
    }

    /// Spans that don't overlap among the rows that are about the same thing: no double booking.
    ///
    /// A span begins with its start and ends before its end, so one may begin where another ends. An absent start or
    /// end is open. Beside it stands a check, named `<id>_range`, that the start comes before the end; a period needs
    /// none.
    package struct Exclusion: Hashable, Sendable {
        package enum Span: String, Hashable, Sendable { case timestamps, dates, period }

        /// Names the constraint, and the rule in the answer.
        package let id: String
        /// What can be taken once at a time: column names, never empty.
        package let resources: [String]
        /// The column of the start, and that of the end: the same one for a period.
        package let from: String
        package let to: String
        package let span: Span
        /// Which rows count; nil for all.
        package let condition: CheckExpression?

        /// The check's id for a start that doesn't come before its end.
        static func rangeID(_ id: String) -> String { id + "_range" }
    }
}
