import HostModel

/// A field as a Swift property.
struct SwiftProperty {
    /// The field's name in records: `unit_price_minor`.
    let field: Field
    /// Without the question mark of an optional.
    let bareType: String
    /// Not required and without a default.
    let isOptional: Bool
    /// A literal of the default; for a list that isn't required, `[]`.
    let defaultLiteral: String?
    /// What stands in for a value that the host never leaves out.
    let fallback: String

    /// `unitPriceMinor`, without back-ticks.
    var name: String { SwiftName.member(field.name) }
    var escapedName: String { SwiftName.escaped(name) }
    var type: String { isOptional ? bareType + "?" : bareType }

    /// - Parameters:
    ///   - enumType: What an enum field's type is called here.
    ///   - itemType: What a list's item is called here.
    init(_ field: Field, scope: GenerationScope, enumType: String?, itemType: String? = nil) {
        self.field = field
        bareType = Self.type(field.type, scope, enumType, itemType)
        var literal = field.defaultValue.map { Self.literal($0, of: field.type) }
        if case .list = field.type, !field.isRequired { literal = "[]" }
        defaultLiteral = literal
        isOptional = !field.isRequired && literal == nil
        fallback = literal ?? Self.fallback(field.type, bareType)
    }

    /// The property as code outside the entity writes it: nested enums with their owner in front.
    func qualified(by owner: String) -> SwiftProperty {
        let name = GenerationScope.enumName(field, in: owner)
        let type: String? =
            switch field.type {
            case .enumeration: "\(owner).\(name)"
            case .enumerationSet: "[\(owner).\(name)]"
            default: nil
            }
        return SwiftProperty(self, bareType: type ?? bareType)
    }

    private init(_ other: SwiftProperty, bareType: String) {
        field = other.field
        self.bareType = bareType
        isOptional = other.isOptional
        defaultLiteral = other.defaultLiteral
        fallback = other.fallback
    }

    private static func type(
        _ type: FieldType, _ scope: GenerationScope, _ enumType: String?, _ itemType: String?
    ) -> String {
        switch type {
        case .text, .url, .email, .phone, .timeZone, .currency, .country, .sequence: "String"
        case .bool: "Bool"
        case .int, .money, .quantity, .rate: "Int64"
        case .enumeration: enumType ?? "String"
        case .enumerationSet: "[\(enumType ?? "String")]"
        case .date: "LocalDate"
        case .timestamp: "Timestamp"
        case .uuid, .file: "RecordID"
        case .duration: "Duration"
        case .period: "TimePeriod"
        case .geo: "GeoPoint"
        case .texts: "[String]"
        case .json, .shapedJSON: "Record"
        case .reference(let reference): scope.type(of: reference).map { "Reference<\($0)>" } ?? "RecordID"
        case .list: "[\(itemType ?? "Record")]"
        }
    }

    private static func literal(_ value: JSONValue, of type: FieldType) -> String {
        switch (value, type) {
        case (.bool(let bool), _): "\(bool)"
        case (.int(let int), _): "\(int)"
        case (.string(let word), .enumeration): Self.enumCase(word)
        case (.string(let text), .duration): ".seconds(\(WholeSeconds(iso8601: text)?.seconds ?? 0))"
        case (.string(let text), _): text.debugDescription
        case (.array(let values), .texts):
            "[\(values.compactMap(\.string).map(\.debugDescription).joined(separator: ", "))]"
        case (.array(let values), _): "[\(values.compactMap(\.string).map(Self.enumCase).joined(separator: ", "))]"
        default: "nil"
        }
    }

    /// `.menuItem`; after a dot, words of Swift need no back-ticks.
    private static func enumCase(_ word: String) -> String { "." + SwiftName.enumCase(word) }

    private static func fallback(_ type: FieldType, _ bareType: String) -> String {
        switch type {
        case .bool: "false"
        case .int, .money, .quantity, .rate: "0"
        case .enumeration(let values): Self.enumCase(values[0])
        case .enumerationSet, .list, .texts: "[]"
        case .duration: ".zero"
        case .period: ".always"
        case .geo: ".zero"
        case .date, .timestamp: ".epoch"
        case .uuid, .file: ".zero"
        case .json, .shapedJSON: "[:]"
        case .reference: bareType == "RecordID" ? ".zero" : "\(bareType)(.zero)"
        default: "\"\""
        }
    }
}
