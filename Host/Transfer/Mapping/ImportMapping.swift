package import HostModel

/// How the columns of a file become fields, as whoever imports wrote it.
///
/// ```json
/// {
///   "columns": {
///     "Customer name": "display_name",
///     "Price": {"field": "unit_price_minor", "decimal": "."},
///     "Since": {"field": "since", "format": "DD.MM.YYYY"},
///     "Customer no": "party.external_id",
///     "Internal": null
///   },
///   "constants": {"roles": ["customer"]},
///   "others": "ignore"
/// }
/// ```
///
/// Columns that aren't named are matched by their names; `others` says what becomes of those that match nothing:
/// `refuse` (the file isn't taken) or `ignore`.
package struct ImportMapping: Hashable, Sendable {
    /// What one column is read as.
    package struct Rule: Hashable, Sendable {
        /// A field, as bodies name it; `party.external_id` for a reference that the file names by another value than
        /// the id; `custom.colour` for a field of the business's own.
        package var field: String
        /// Of dates and times, such as `DD.MM.YYYY hh:mm`; nil for ISO 8601.
        package var format: String?
        /// The decimal sign of amounts in whole units; nil for numbers in the field's own unit.
        package var decimal: String?
        /// An empty value leaves the record's as it is, in place of clearing it.
        package var keepsWhenEmpty = false

        package init(field: String) { self.field = field }
    }

    /// By column; nil for a column that is left out.
    package private(set) var columns: [String: Rule?] = [:]
    /// By member, in JSON form: the same for every row, where the row has no value of its own.
    package private(set) var constants = JSONObject()
    package private(set) var ignoresOthers = false

    package static let columnsMax = 1_000
    /// The column with what was wrong, in the file of rows that weren't imported: left out when they come again.
    package static let faultColumn = "import_fault"

    package init() {}

    /// - Throws: `validation_failed` with the place in the mapping, its path beginning with `/mapping`.
    package init(_ json: JSONValue) throws(Problem) {
        guard let object = json.object else { throw Self.invalid("", "type", "The mapping is an object.") }
        for (name, value) in object.members {
            switch name {
            case "columns": columns = try Self.columns(value)
            case "constants":
                guard let constants = value.object else {
                    throw Self.invalid("/constants", "type", "The constants are an object of fields and values.")
                }
                self.constants = constants
            case "others":
                guard let word = value.string, ["refuse", "ignore"].contains(word) else {
                    throw Self.invalid("/others", "enum", "The value must be one of refuse, ignore.")
                }
                ignoresOthers = word == "ignore"
            default: throw Self.invalid("/\(name)", "unknown_field", "A mapping has columns, constants and others.")
            }
        }
    }

    private static func columns(_ json: JSONValue) throws(Problem) -> [String: Rule?] {
        guard let object = json.object, object.members.count <= columnsMax else {
            throw invalid("/columns", "type", "The columns are an object of at most \(columnsMax) names.")
        }
        var columns: [String: Rule?] = [:]
        for (name, value) in object.members {
            columns[name] = .some(try rule(value, at: "/columns/\(name)"))
        }
        return columns
    }

    private static func rule(_ json: JSONValue, at path: String) throws(Problem) -> Rule? {
        if case .null = json { return nil }
        if let field = json.string { return Rule(field: field) }
        guard let object = json.object, let field = object["field"]?.string else {
            throw invalid(path, "type", "A column is mapped to a field's name, to an object with `field`, or to null.")
        }
        var rule = Rule(field: field)
        for (name, value) in object.members where name != "field" {
            switch (name, value.string) {
            case ("format", let format?): rule.format = format
            case ("decimal", let sign?) where [".", ","].contains(sign): rule.decimal = sign
            case ("empty", let word?) where ["clear", "keep"].contains(word): rule.keepsWhenEmpty = word == "keep"
            default:
                throw invalid(
                    "\(path)/\(name)", "unknown_field",
                    "Beside `field` there can be `format` (a text), `decimal` (`.` or `,`) and `empty` (keep or clear)."
                )
            }
        }
        return rule
    }

    static func invalid(_ path: String, _ code: String, _ detail: String) -> Problem {
        .invalid("/mapping\(path)", code, detail)
    }
}
