package import HostManifest
package import HostModel

/// What an aggregate asks for: numbers over the records of a list, in groups.
package struct AggregateQuery: Hashable, Sendable {
    package static let groupingCountMax = 2
    package static let measureCountMax = 8
    /// More groups than this are cut off, and the answer says so.
    package static let groupCountMax = 1_000
    /// Sums beyond this aren't exact in every JSON reader, and are refused.
    static let exactMax: Int64 = 9_007_199_254_740_991

    /// What records are told apart by.
    package struct Grouping: Hashable, Sendable, CustomStringConvertible {
        /// A stretch of time in the business's time zone; weeks begin on Monday.
        package enum Unit: String, Hashable, Sendable, CaseIterable { case day, week, month }

        package let column: String
        package let unit: Unit?

        /// `status`, `week:created_at`: also the member of the answer.
        package var description: String { unit.map { "\($0.rawValue):\(column)" } ?? column }
    }

    package struct Measure: Hashable, Sendable {
        package enum Function: String, Hashable, Sendable, CaseIterable { case sum, min, max }

        package let function: Function
        package let column: String
    }

    package var groupings: [Grouping] = []
    package var measures: [Measure] = []
    package var hasCount = false
    /// Which records: its filters, search and archived ones.
    package var records = ListQuery()
}

extension AggregateQuery {
    /// Reads `group=status,week:created_at`, `count=true`, `sum=`, `min=`, `max=`, `filter[…]` and `q`.
    ///
    /// Without a measure the records are counted.
    ///
    /// - Throws: `validation_failed` with every parameter at fault.
    package static func parse(
        _ parameters: [(name: String, value: String)], for plan: EntityPlan, custom: CustomFields = .none
    ) throws(Problem) -> AggregateQuery {
        var parser = AggregateQueryParser(plan, custom: custom)
        for (name, value) in parameters { parser.take(name, value) }
        let query = parser.finish()
        guard parser.faults.isEmpty else {
            throw Problem(.validationFailed, "The aggregate can't be made as asked.", faults: parser.faults)
        }
        return query
    }
}
