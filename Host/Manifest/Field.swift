package import HostModel

/// One value of an entity, an operation's input or an event's payload.
package struct Field: Hashable, Sendable {
    /// Snake case, as in the manifest: `unit_price_minor`, `party`.
    package let name: String
    package let type: FieldType
    package let isRequired: Bool
    /// In JSON form; nil for none.
    package let defaultValue: JSONValue?
    /// Set by the host and by operations only; a body that has it is refused.
    package let isReadOnly: Bool
    package let isUnique: Bool
    /// Whether `q=` looks into it.
    package let isSearched: Bool
    package let isSensitive: Bool

    package init(
        name: String, type: FieldType, isRequired: Bool = false, defaultValue: JSONValue? = nil,
        isReadOnly: Bool = false, isUnique: Bool = false, isSearched: Bool = false, isSensitive: Bool = false
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.isReadOnly = isReadOnly
        self.isUnique = isUnique
        self.isSearched = isSearched
        self.isSensitive = isSensitive
    }

    /// The column and the JSON member: the name, with `_id` for a reference.
    package var column: String {
        if case .reference = type { name + "_id" } else { name }
    }
}

/// What a field holds. `docs/PLUGINS.md` has the table of types with column, JSON and Swift forms.
package indirect enum FieldType: Hashable, Sendable {
    /// Length in characters; `pattern` is a POSIX regular expression over the whole text.
    case text(min: Int, max: Int, pattern: String?)
    case email
    /// E.164: `+` and 8 to 15 digits.
    case phone
    case bool
    case int(min: Int64, max: Int64)
    /// Minor units of the document's currency.
    case money(min: Int64, max: Int64)
    /// Thousandths of the item's unit.
    case quantity(min: Int64, max: Int64)
    /// Parts per million, 0 to 10,000,000.
    case rate
    case enumeration([String])
    /// A set of enum values; a text array.
    case enumerationSet([String])
    case date
    case timestamp
    /// An IANA time zone's name.
    case timeZone
    case uuid
    /// Any JSON object of at most 64 KiB.
    case json
    /// ISO 4217.
    case currency
    /// ISO 3166-1 alpha-2.
    case country
    case reference(EntityReference)
    /// A gap-free number, given by an operation: the prefix and six or more digits.
    case sequence(prefix: String)
    /// Objects in order; in inputs and outputs of operations only.
    case list(of: [Field], max: Int)
}

extension FieldType {
    /// The word in the manifest.
    package var keyword: String {
        switch self {
        case .text: "text"
        case .email: "email"
        case .phone: "phone"
        case .bool: "bool"
        case .int: "int"
        case .money: "money"
        case .quantity: "quantity"
        case .rate: "rate"
        case .enumeration: "enum"
        case .enumerationSet: "enums"
        case .date: "date"
        case .timestamp: "timestamp"
        case .timeZone: "timezone"
        case .uuid: "uuid"
        case .json: "json"
        case .currency: "currency"
        case .country: "country"
        case .reference: "ref"
        case .sequence: "sequence"
        case .list: "list"
        }
    }
}
