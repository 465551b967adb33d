/// A condition on one column, or on one of the business's own fields.
package struct Filter: Hashable, Sendable, CustomStringConvertible {
    /// The comparisons; the raw value is the prefix in `filter[total_minor]=gte:1000`.
    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        /// Equal; for a set, contains.
        case equal = "eq"
        /// Anything else, no value included: what `eq` leaves out.
        case notEqual = "ne"
        /// Equal to one of; for a set, contains one of.
        case oneOf = "in"
        case less = "lt"
        case lessOrEqual = "lte"
        case greater = "gt"
        case greaterOrEqual = "gte"
        /// Two values; both ends are in.
        case between
        /// Text that begins so, in the same case.
        case prefix
        /// Text with these characters anywhere, in either case; for a set, the same as equal.
        case contains
        /// The value `true`: has none; `false`: has one.
        case isNull = "null"
    }

    package let column: String
    package let comparison: Comparison
    /// In PostgreSQL's text form. One value; two with ``Comparison/between``, one or more with ``Comparison/oneOf``.
    package let values: [String]
    /// The business's own field that ``column`` stands for; nil for a column of the table.
    let custom: CustomMember?

    package init(_ column: String, _ comparison: Comparison, _ values: [String]) {
        self.init(column, comparison, values, custom: nil)
    }

    init(_ column: String, _ comparison: Comparison, _ values: [String], custom: CustomMember?) {
        self.column = column
        self.comparison = comparison
        self.values = values
        self.custom = custom
    }

    package var description: String {
        column + " \(comparison.rawValue):" + values.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    }
}
