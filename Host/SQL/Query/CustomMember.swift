import HostManifest
import HostModel

/// A field that a business added, as filters compare it: a member of the column `custom`.
///
/// Its values were checked when they were written, but `custom` may be older than the field: so no text here fails on
/// a value of another type.
struct CustomMember: Hashable, Sendable {
    let key: String
    let type: ColumnType
    /// The id of a field whose values are indexed; nil for one whose records are looked through.
    let indexed: String?

    init(_ field: CustomField) {
        key = field.key
        indexed = field.index.flatMap { $0.isReady ? $0.field : nil }
        type = ColumnType(field.field.type)
    }

    /// What the filter and the answer's faults call it.
    var name: String { "custom." + key }

    /// The text of a filter's value in the form in which values are stored; nil for one that can't be stored.
    func filterText(_ text: String) -> String? {
        switch type.format {
        case .integer: Int64(text).map { String($0) }
        case .uuid: text.lowercased()
        // One width and one zone: stored times are in order as texts.
        case .timestamp: Timestamp(rfc3339: text)?.rfc3339
        default: text
        }
    }

    /// A condition on the row `t`.
    func condition(_ condition: ListShape.Condition, _ parameters: inout ParameterNumbers) -> String {
        var before = parameters
        let found = plain(condition, &parameters)
        guard let indexed, let values = indexCondition(condition.comparison, &before) else { return found }
        // The index leads to the records; the value itself decides.
        return "t.\"id\" IN (SELECT v.record_id FROM custom.value v "
            + "WHERE v.field_id = \(SQLName.literal(indexed))::uuid AND \(values)) AND \(found)"
    }

    /// What holds for the indexed value, and maybe for others too; nil when the index is of no use.
    private func indexCondition(
        _ comparison: Filter.Comparison, _ parameters: inout ParameterNumbers
    ) -> String? {
        switch comparison {
        case .equal: return "v.value = \(key("$\(parameters.next())"))"
        case .oneOf:
            let each = key("x.\"value\"")
            return "v.value IN (SELECT \(each) FROM unnest($\(parameters.next())::\(valueType)[]) AS x(\"value\"))"
        case .less, .lessOrEqual: return "v.value <= \(key("$\(parameters.next())"))"
        case .greater, .greaterOrEqual: return "v.value >= \(key("$\(parameters.next())"))"
        case .between:
            return "v.value >= \(key("$\(parameters.next())")) AND v.value <= \(key("$\(parameters.next())"))"
        case .prefix: return "v.value >= \(key("$\(parameters.next())")) AND v.value < $\(parameters.next())::text"
        case .notEqual, .contains, .isNull: return nil
        }
    }

    /// A value as `custom.indexed` stores it.
    private func key(_ value: String) -> String {
        guard isNumber else { return "left(\(value)::text, \(CustomField.indexedLengthMax))" }
        let bound = "9007199254740992"
        return "lpad((least(greatest(\(value)::numeric, -\(bound)), \(bound)) + \(bound))::bigint::text, 17, '0')"
    }

    private func plain(_ condition: ListShape.Condition, _ parameters: inout ParameterNumbers) -> String {
        switch condition.comparison {
        case .isNull: return "(\(text)) IS \(condition.isNull ? "" : "NOT ")NULL"
        case _ where type.comparing == .membership: return membership(condition.comparison, &parameters)
        case .oneOf: return "\(value) = ANY ($\(parameters.next())::\(valueType)[])"
        case .prefix:
            return "(\(value) >= $\(parameters.next())::text AND \(value) < $\(parameters.next())::text)"
        case .contains: return "(\(text)) COLLATE \"und-x-icu\" ILIKE $\(parameters.next())::text"
        case .between:
            return "\(value) BETWEEN $\(parameters.next())::\(valueType) AND $\(parameters.next())::\(valueType)"
        default: return "\(value) \(condition.comparison.sign) $\(parameters.next())::\(valueType)"
        }
    }

    private var literal: String { SQLName.literal(key) }
    private var text: String { "t.\"custom\" ->> \(literal)" }
    private var isNumber: Bool { type.format == .integer }
    private var valueType: String { isNumber ? "numeric" : "text" }

    /// Numbers as numbers; dates, times, words and ids are texts whose order in bytes is their own.
    private var value: String {
        guard isNumber else { return "(\(text)) COLLATE \"C\"" }
        return "(CASE WHEN jsonb_typeof(t.\"custom\" -> \(literal)) = 'number' THEN (\(text))::numeric END)"
    }

    private func membership(_ comparison: Filter.Comparison, _ parameters: inout ParameterNumbers) -> String {
        let words = "t.\"custom\" -> \(literal)"
        let parameter = "$\(parameters.next())"
        switch comparison {
        case .oneOf: return "(\(words)) ?| \(parameter)::text[]"
        case .notEqual: return "((\(words)) ? \(parameter)::text) IS NOT TRUE"
        default: return "(\(words)) ? \(parameter)::text"
        }
    }
}
