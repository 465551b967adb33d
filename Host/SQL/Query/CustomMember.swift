import HostManifest
import HostModel

/// A field that a business added, as filters compare it: a member of the column `custom`.
///
/// Its values were checked when they were written, but `custom` may be older than the field: so no text here fails on
/// a value of another type.
struct CustomMember: Hashable, Sendable {
    let key: String
    let type: ColumnType

    init(_ field: CustomField) {
        key = field.key
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
