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
    }

    let sort: ListQuery.Sort
    let start: Start
    let conditions: [Condition]
    let archived: ListQuery.Archived
    let hasSearch: Bool
    let isOwn: Bool

    init(_ query: ListQuery, isOwn: Bool) {
        sort = query.sort
        start = query.position.map { $0.key == nil ? .null : .value } ?? .first
        conditions = query.filters.map {
            Condition(
                column: $0.column, comparison: $0.comparison,
                isNull: $0.comparison == .isNull && $0.values.first == "true")
        }
        archived = query.archived
        hasSearch = query.search != nil
        self.isOwn = isOwn
    }

    private init(sort: ListQuery.Sort, start: Start, isOwn: Bool) {
        self.sort = sort
        self.start = start
        conditions = []
        archived = .hidden
        hasSearch = false
        self.isOwn = isOwn
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
        guard archived == .hidden, !hasSearch, conditions.count <= 1 else { return nil }
        let base = "list" + (isOwn ? ".own" : "") + ".\(sort).\(start.rawValue)"
        guard let condition = conditions.first else { return base }
        guard condition.comparison == .equal, table.isIndexed(condition.column) else { return nil }
        return base + "=" + condition.column
    }

    /// The values in the order of the statement's parameters: limit, filters, search, owner, position.
    func parameters(of query: ListQuery, owner: UserID?, in table: RecordTable) -> [SQLParameter] {
        var parameters: [SQLParameter] = [String(query.limit + 1)]
        for filter in query.filters {
            switch filter.comparison {
            case .isNull: break
            case .oneOf: parameters.append(ArrayText.literal(filter.values))
            default: parameters.append(filter.values.first)
            }
        }
        if let search = query.search { parameters.append(PatternText.containing(search)) }
        if let owner { parameters.append(owner.description) }
        if let position = query.position {
            if let key = position.key { parameters.append(key) }
            parameters.append(position.id.description)
        }
        return parameters
    }
}
