import HostManifest
import HostModel

/// Reads one parameter of an aggregate after the other and remembers all that is wrong.
struct AggregateQueryParser {
    private let table: RecordTable
    private var records: ListQueryParser
    private var query = AggregateQuery()
    private var own: [Problem.Fault] = []
    private var seen: Set<String> = []

    init(_ plan: EntityPlan, custom: CustomFields) {
        table = plan.table
        records = ListQueryParser(plan, custom: custom)
    }

    var faults: [Problem.Fault] { own + records.faults }

    mutating func take(_ name: String, _ value: String) {
        let isFilter = name.hasPrefix("filter[") && name.hasSuffix("]")
        guard isFilter || seen.insert(name).inserted else {
            return refuse(name, "duplicate_parameter", "\(name) can be given once.")
        }
        switch name {
        case "group": takeGroups(value)
        case "count": takeCount(value)
        case "sum", "min", "max":
            if let function = AggregateQuery.Measure.Function(rawValue: name) { takeMeasures(function, value) }
        case "q": records.take(name, value)
        case _ where isFilter: records.take(name, value)
        default:
            refuse(name, "unknown_parameter", "An aggregate takes group, count, sum, min, max, q and filter[…].")
        }
    }

    mutating func finish() -> AggregateQuery {
        if query.measures.isEmpty { query.hasCount = true }
        if query.measures.count + (query.hasCount ? 1 : 0) > AggregateQuery.measureCountMax {
            refuse("sum", "too_many", "An aggregate has at most \(AggregateQuery.measureCountMax) measures.")
        }
        query.records = records.query
        return query
    }

    private mutating func refuse(_ path: String, _ code: String, _ detail: String) {
        own.append(Problem.Fault(path: path, code: code, detail: detail))
    }

    private mutating func takeCount(_ value: String) {
        guard ValueFormat.bool.accepts(value) else { return refuse("count", "format", "count is true or false.") }
        query.hasCount = value == "true"
    }

    private mutating func takeGroups(_ value: String) {
        let words = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard words.count <= AggregateQuery.groupingCountMax, Set(words).count == words.count else {
            return refuse("group", "too_many", "group has at most \(AggregateQuery.groupingCountMax) different words.")
        }
        for word in words {
            guard let grouping = grouping(word) else {
                refuse("group", "unknown_group", "\(word) is nothing to group by; \(Self.groupable).")
                continue
            }
            query.groupings.append(grouping)
        }
    }

    private static let groupable =
        "take an enum, a status, a reference, a currency, a country, a bool or a date, "
        + "or day:, week: or month: and a date or timestamp"

    private func grouping(_ word: String) -> AggregateQuery.Grouping? {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.last, let column = table.column(named: name), !column.isSensitive else { return nil }
        guard parts.count == 2 else {
            return isGroup(column) ? AggregateQuery.Grouping(column: column.name, unit: nil) : nil
        }
        guard let unit = AggregateQuery.Grouping.Unit(rawValue: parts[0]),
            column.type.format == .date || column.type.format == .timestamp
        else { return nil }
        return AggregateQuery.Grouping(column: column.name, unit: unit)
    }

    private func isGroup(_ column: Column) -> Bool {
        switch table.entity.fields.first(where: { $0.column == column.name })?.type {
        case .currency, .country: return true
        default: break
        }
        return switch column.type.format {
        case .words: column.type.comparing == .equality
        case .bool, .date: true
        case .uuid: column.target != nil
        default: false
        }
    }

    private mutating func takeMeasures(_ function: AggregateQuery.Measure.Function, _ value: String) {
        for name in value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard let column = table.column(named: name), Self.suits(column, function) else {
                let what = function == .sum ? "a number" : "a number, a date or a timestamp"
                refuse(function.rawValue, "unknown_field", "\(function.rawValue) takes \(what); \(name) is none.")
                continue
            }
            query.measures.append(AggregateQuery.Measure(function: function, column: column.name))
        }
    }

    private static func suits(_ column: Column, _ function: AggregateQuery.Measure.Function) -> Bool {
        guard column.name != "version", !column.isSensitive, column.type.comparing == .order else { return false }
        switch column.type.format {
        case .integer: return true
        case .date, .timestamp: return function != .sum
        default: return false
        }
    }
}
