/// Swift names of a manifest's names.
enum SwiftName {
    /// `unit_price_minor` → `unitPriceMinor`
    static func member(_ name: String) -> String {
        let parts = parts(name)
        return (parts.first ?? "") + parts.dropFirst().map(capitalised).joined()
    }

    /// `work_order` → `WorkOrder`, `completeWorkOrder` → `CompleteWorkOrder`, `Home Services` → `HomeServices`
    static func type(_ name: String) -> String {
        parts(name).map(capitalised).joined()
    }

    /// The type of one element of a list or set: `lines` → `Line`, `categories` → `Category`.
    static func element(_ name: String) -> String {
        let type = type(name)
        if type.hasSuffix("ies") { return type.dropLast(3) + "y" }
        return type.hasSuffix("s") && !type.hasSuffix("ss") ? String(type.dropLast()) : type + "Element"
    }

    /// The case of an enum's value, without back-ticks: `menu_item` → `menuItem`, `30_days` → `_30Days`.
    static func enumCase(_ value: String) -> String {
        let name = member(value)
        return name.first.map(\.isNumber) == true ? "_" + name : name
    }

    /// In back-ticks where Swift has the word for itself.
    static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    private static func parts(_ name: String) -> [String] {
        name.split { $0 == "_" || $0 == "-" || $0 == " " }.map(String.init)
    }

    private static func capitalised(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }

    private static let keywords: Set = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
        "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
        "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol",
        "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw",
        "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}

extension SwiftName {
    /// Names of PluginAPI and the standard library that generated code says; an entity with one would hide it.
    static let taken: Set = [
        "Actor", "Array", "Bool", "Business", "Call", "Draft", "Duration", "Entity", "FieldValue", "Fields", "GeoPoint",
        "Int64", "LocalDate", "Optional", "PluginDescriptor", "Record", "RecordID", "RecordValue", "Reference",
        "Refusal",
        "StatefulEntity", "Store", "String", "TimePeriod", "Timestamp", "Value", "VerticalPlugin",
    ]
}
