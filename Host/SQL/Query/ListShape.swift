import HostManifest
import HostModel

/// A list without its values: two lists of one shape have one statement.
struct ListShape: Hashable, Sendable {
    /// Where the page starts.
    enum Start: String, Hashable, Sendable, CaseIterable {
        case first
        /// After a record that has a value to sort by.
        case value
        /// After a record that has none.
        case null
    }

    struct Condition: Hashable, Sendable {
        let column: String
        let comparison: Filter.Comparison
        /// The value of ``Filter/Comparison/isNull``, which is text and no parameter.
        let isNull: Bool
        /// The business's own field that the column stands for.
        let custom: CustomMember?
    }

    let sort: ListQuery.Sort
    let start: Start
    let conditions: [Condition]
    let archived: ListQuery.Archived
    /// How each term of a search narrows the list; none without a search.
    let search: [SearchPlan.Role]
    let isOwn: Bool
    let isOfChanges: Bool
    let selection: RecordSelection
    /// Whether the database ends a page that has too many bytes. For long pages and those with includes only: it costs
    /// a short one a tenth of its time, and a short one can't have more than its few records.
    let isByteBound: Bool
    /// How many records the text asks for; nil when a parameter says it.
    ///
    /// With includes it is in the text: PostgreSQL takes a tenth of all records for a limit that it doesn't know, finds
    /// a plan for that too expensive to be kept, and plans again at each request, which took as long as the list.
    let limit: Int?

    /// The longest page that the host alone cuts.
    static let unboundLimitMax = 50

    init(_ query: ListQuery, isOwn: Bool) {
        sort = query.sort
        start = query.position.map { $0.key == nil ? .null : .value } ?? .first
        conditions = query.filters.map {
            Condition(
                column: $0.column, comparison: $0.comparison,
                isNull: $0.comparison == .isNull && $0.values.first == "true",
                custom: $0.custom)
        }
        archived = query.archived
        precondition(query.search == nil || query.searchPlan != nil, "a search is planned before its list is made")
        search = query.searchPlan?.roles ?? []
        self.isOwn = isOwn
        isOfChanges = query.updatedSince != nil
        selection = query.selection.shape
        isByteBound = query.limit > Self.unboundLimitMax || !query.selection.includes.isEmpty
        limit = query.selection.includes.isEmpty ? nil : query.limit + 1
    }

    private init(sort: ListQuery.Sort, start: Start, isOwn: Bool) {
        self.sort = sort
        self.start = start
        conditions = []
        archived = .hidden
        search = []
        self.isOwn = isOwn
        isOfChanges = false
        selection = .all
        isByteBound = false
        limit = nil
    }

    /// Every shape without a filter: few, and nearly all that is asked for.
    static func common(of table: RecordTable) -> [ListShape] {
        var shapes: [ListShape] = []
        for column in table.sortColumns {
            for start in Start.allCases where start != .null || column.isNullable {
                for isDescending in [false, true] {
                    let sort = ListQuery.Sort(column.name, isDescending: isDescending)
                    shapes.append(ListShape(sort: sort, start: start, isOwn: false))
                    shapes.append(ListShape(sort: sort, start: start, isOwn: true))
                }
            }
        }
        return shapes
    }

    /// What the prepared statement is called after the entity's label; nil for a shape too rare to keep.
    ///
    /// Kept are lists without a filter and lists by one value of an indexed column, so their number has a bound.
    func name(in table: RecordTable) -> String? {
        guard selection.isAll, hasOnePlan(in: table) else { return nil }
        let base = "list" + (isByteBound ? ".long" : "") + (isOwn ? ".own" : "") + ".\(sort).\(start.rawValue)"
        return conditions.first.map { base + "=" + $0.column } ?? base
    }

    /// Whether one plan is good for all values, so that the list may be prepared: without a filter, or by one value of
    /// an indexed column.
    func hasOnePlan(in table: RecordTable) -> Bool {
        guard archived == .hidden, search.isEmpty, !isOfChanges, conditions.count <= 1 else { return false }
        guard let condition = conditions.first else { return true }
        return condition.comparison == .equal && table.isIndexed(condition.column)
    }

    /// The values of a filter, as many as its text has parameters.
    private static func parameters(of filter: Filter) -> [SQLParameter] {
        guard let value = filter.values.first else { return [] }
        switch filter.comparison {
        case .isNull: return []
        case .oneOf: return [ArrayText.literal(filter.values)]
        case .between: return filter.values
        case .prefix: return [value, PatternText.end(ofPrefix: value)]
        case .contains: return [PatternText.containing(value)]
        default: return [value]
        }
    }

    /// The values in the order of the statement's parameters: limit, unless the text says it, conditions, position.
    func parameters(of query: ListQuery, owner: UserID?) -> [SQLParameter] {
        var parameters: [SQLParameter] = limit == nil ? [String(query.limit + 1)] : []
        parameters += values(of: query, owner: owner)
        if let position = query.position {
            if let key = position.key { parameters.append(key) }
            parameters.append(position.id.description)
        }
        return parameters + query.selection.parameters
    }

    /// The values of the conditions: filters, search, owner.
    func values(of query: ListQuery, owner: UserID?) -> [SQLParameter] {
        var parameters = query.filters.flatMap(Self.parameters)
        if let plan = query.searchPlan { parameters += plan.parameters }
        if let owner { parameters.append(owner.description) }
        if let since = query.updatedSince { parameters.append(since) }
        return parameters
    }
}
