import HostManifest
import HostModel

/// How a column holds a value whose JSON form isn't PostgreSQL's own.
///
/// A value is turned on its way in by ``stored(_:)`` and on its way out by ``shown(_:)``; most columns need neither.
enum StoredForm: Hashable, Sendable {
    /// As in JSON.
    case json
    /// Whole seconds as a number, `PT1H30M` in JSON.
    case seconds
    /// A range of instants, `{"from": …, "to": …}` in JSON.
    case range

    /// The JSON that PostgreSQL takes for the column; what isn't of the form stays as it is, for its CHECK to refuse.
    func stored(_ value: JSONValue) -> JSONValue {
        switch self {
        case .json: return value
        case .seconds:
            guard let duration = value.string.flatMap({ WholeSeconds(iso8601: $0) }) else { return value }
            return .int(duration.seconds)
        case .range:
            guard let object = value.object else { return value }
            return .string(
                "[\(object["from"]?.string ?? ""),\(object["to"]?.string ?? ""))")
        }
    }

    /// An expression of the JSON form, over the quoted column; nil when that is the column itself.
    func shown(_ column: String) -> String? {
        switch self {
        case .json: nil
        case .seconds: Self.isoText(column)
        case .range:
            "CASE WHEN \(column) IS NOT NULL "
                + "THEN json_build_object('from', lower(\(column)), 'to', upper(\(column))) END"
        }
    }

    /// As ``HostModel/WholeSeconds/iso8601``. NULL where the column is NULL.
    private static func isoText(_ column: String) -> String {
        func part(_ number: String, _ letter: String) -> String {
            "CASE WHEN \(number) > 0 THEN (\(number))::text || '\(letter)' ELSE '' END"
        }
        return "'PT' || \(part("\(column) / 3600", "H")) || \(part("\(column) % 3600 / 60", "M")) || "
            + "CASE WHEN \(column) % 60 > 0 OR \(column) = 0 THEN (\(column) % 60)::text || 'S' ELSE '' END"
    }
}
