import HostManifest
import HostModel

/// Reads one parameter after the other and remembers all that is wrong.
struct ListQueryParser {
    static let searchLengthMax = 100
    static let valueCountMax = 50
    /// Custom fields that a refusal names.
    static let namedCountMax = 20

    let table: RecordTable
    /// The fields that the business added, those that the caller sees.
    private let custom: CustomFields
    private(set) var query = ListQuery()
    private(set) var faults: [Problem.Fault] = []
    private var seen: Set<String> = []
    private var hasArchived = false
    private var selection: SelectionParser

    init(_ plan: EntityPlan, custom: CustomFields) {
        table = plan.table
        self.custom = custom
        selection = SelectionParser(form: plan.form, inclusions: plan.inclusions, hasChildren: false)
    }

    mutating func take(_ name: String, _ value: String) {
        let isFilter = name.hasPrefix("filter[") && name.hasSuffix("]")
        guard isFilter || seen.insert(name).inserted else {
            return refuse(name, "duplicate_parameter", "\(name) can be given once.")
        }
        switch name {
        case "limit": takeLimit(value)
        case "sort": takeSort(value)
        case "cursor": query.cursor = value
        case "q": takeSearch(value)
        case "count": takeCount(value)
        case "updated_since": takeUpdatedSince(value)
        case "fields", "include": takeSelection(name, value)
        case _ where isFilter: takeFilter(name, String(name.dropFirst(7).dropLast()), value)
        default:
            refuse(
                name, "unknown_parameter",
                "A list takes limit, sort, cursor, q, count, fields, include, updated_since and filter[…].")
        }
    }

    private mutating func refuse(_ path: String, _ code: String, _ detail: String) {
        faults.append(Problem.Fault(path: path, code: code, detail: detail))
    }

    private mutating func takeLimit(_ value: String) {
        guard let limit = Int(value), (1...ListQuery.limitMax).contains(limit) else {
            return refuse("limit", "out_of_range", "limit is a whole number from 1 to \(ListQuery.limitMax).")
        }
        query.limit = limit
    }

    private mutating func takeSort(_ value: String) {
        let isDescending = value.hasPrefix("-")
        let name = isDescending ? String(value.dropFirst()) : value
        guard let column = table.sortColumns.first(where: { $0.name == name }) else {
            let allowed = table.sortColumns.map(\.name).joined(separator: ", ")
            return refuse("sort", "unknown_sort", "This list can be sorted by \(allowed), with - for descending.")
        }
        query.sort = ListQuery.Sort(column.name, isDescending: isDescending)
    }

    private mutating func takeSearch(_ value: String) {
        guard table.entity.fields.contains(where: \.isSearched) else {
            return refuse("q", "unknown_parameter", "This list can't be searched.")
        }
        guard (1...Self.searchLengthMax).contains(value.count), !value.utf8.contains(0) else {
            return refuse("q", "out_of_range", "q has 1 to \(Self.searchLengthMax) characters.")
        }
        if let fault = SearchPlan.fault(value) { return faults.append(fault) }
        query.search = value
    }

    private mutating func takeUpdatedSince(_ value: String) {
        guard table.isSynced else {
            return refuse("updated_since", "unknown_parameter", "These are kept up with by their document.")
        }
        guard ValueFormat.timestamp.accepts(value) else {
            return refuse("updated_since", "format", "updated_since is \(ValueFormat.timestamp.expectation).")
        }
        query.updatedSince = value
    }

    /// What depends on several parameters, once all are known.
    mutating func finish() {
        guard query.updatedSince != nil else { return }
        if seen.contains("sort") {
            refuse("sort", "unknown_sort", "updated_since orders by the last change; leave sort out.")
        }
        if !hasArchived { query.archived = .any }
        query.sort = ListQuery.Sort("updated_at")
    }

    private mutating func takeCount(_ value: String) {
        guard let count = ListQuery.Count(rawValue: value) else {
            return refuse("count", "format", "count is none, capped or exact.")
        }
        query.count = count
    }

    private mutating func takeSelection(_ name: String, _ value: String) {
        let before = selection.faults.count
        selection.take(name, value)
        faults += selection.faults.dropFirst(before)
        query.selection = selection.selection
    }

    private mutating func takeFilter(_ path: String, _ name: String, _ value: String) {
        guard name != "archived" || !table.entity.isArchivable else { return takeArchived(path, value) }
        if name.hasPrefix("custom.") { return takeCustom(path, String(name.dropFirst(7)), value) }
        guard let column = table.column(named: name), column.name != "business_id", column.type.comparing != .none
        else {
            return refuse(
                path, "unknown_field",
                FilterText.habit(name, value) ?? "\(table.reference) has no field \(name) to filter by.")
        }
        guard let condition = condition(path, name, column.type, value) else { return }
        let values = condition.comparison == .isNull ? condition.values : condition.values.map(column.type.filterText)
        query.filters.append(Filter(column.name, condition.comparison.stored(for: column.type), values))
    }

    private mutating func takeCustom(_ path: String, _ key: String, _ value: String) {
        guard let field = custom.fields.first(where: { $0.key == key }) else {
            if let habit = FilterText.habit("custom." + key, value) { return refuse(path, "unknown_field", habit) }
            let known = custom.fields.prefix(Self.namedCountMax).map(\.key).joined(separator: ", ")
            let hint = known.isEmpty ? "it has none." : "it has \(known)."
            return refuse(path, "unknown_field", "\(table.reference) has no custom field \(key.prefix(40)); \(hint)")
        }
        let member = CustomMember(field)
        guard let condition = condition(path, member.name, member.type, value) else { return }
        let isNull = condition.comparison == .isNull
        let values = condition.values.compactMap { isNull ? $0 : member.filterText($0) }
        guard values.count == condition.values.count else {
            return refuse(path, "format", "\(member.name) is compared with \(member.type.format.expectation).")
        }
        query.filters.append(
            Filter(member.name, condition.comparison.stored(for: member.type), values, custom: member))
    }

    /// The value taken apart, when the type takes such a comparison; else nil, and the fault is remembered.
    private mutating func condition(
        _ path: String, _ name: String, _ type: ColumnType, _ value: String
    ) -> FilterText? {
        guard query.filters.count < ListQuery.filterCountMax else {
            refuse(path, "too_many", "A list takes at most \(ListQuery.filterCountMax) filters.")
            return nil
        }
        let condition = FilterText(value)
        guard condition.comparison.suits(type) else {
            refuse(path, "comparison", "\(name) can't be compared by \(condition.comparison.rawValue).")
            return nil
        }
        if let expectation = unmet(condition, type) {
            refuse(path, "format", "\(name) is compared with \(expectation).")
            return nil
        }
        return condition
    }

    /// What the values had to be and aren't; nil when they are.
    private func unmet(_ condition: FilterText, _ type: ColumnType) -> String? {
        let format = condition.comparison == .isNull ? ValueFormat.bool : type.format
        switch condition.comparison {
        case .between where condition.values.count != 2: return "two values and a comma between them"
        case .prefix where condition.values == [""], .contains where condition.values == [""]: return "some characters"
        default:
            guard condition.values.count <= Self.valueCountMax else { return "at most \(Self.valueCountMax) values" }
            return condition.values.allSatisfy(format.accepts) ? nil : format.expectation
        }
    }

    private mutating func takeArchived(_ path: String, _ value: String) {
        hasArchived = true
        switch value {
        case "true": query.archived = .only
        case "false": query.archived = .hidden
        case "any": query.archived = .any
        default: refuse(path, "format", "archived is true, false or any.")
        }
    }
}
