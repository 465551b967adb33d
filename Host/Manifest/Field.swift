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
    /// A number that records change by steps, not by a new value: no PATCH sets it, the action `adjust` adds to it.
    package let isCounter: Bool

    package init(
        name: String, type: FieldType, isRequired: Bool = false, defaultValue: JSONValue? = nil,
        isReadOnly: Bool = false, isUnique: Bool = false, isSearched: Bool = false, isSensitive: Bool = false,
        isCounter: Bool = false
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.isReadOnly = isReadOnly
        self.isUnique = isUnique
        self.isSearched = isSearched
        self.isSensitive = isSensitive
        self.isCounter = isCounter
    }

    /// What stands in the place of a sensitive value for those who may not see it.
    package static let mask = "•••"

    /// The same field where a value may be given.
    package var writable: Field {
        Field(
            name: name, type: type, isRequired: false, defaultValue: defaultValue, isReadOnly: false,
            isUnique: isUnique, isSearched: isSearched, isSensitive: isSensitive)
    }

    /// The column and the JSON member: the name, with `_id` for a reference or a file.
    package var column: String {
        switch type {
        case .reference, .file: name + "_id"
        default: name
        }
    }
}

/// What a field holds. `docs/PLUGINS.md` has the table of types with column, JSON and Swift forms.
package indirect enum FieldType: Hashable, Sendable {
    /// Length in characters; `pattern` is a POSIX regular expression over the whole text. Stored as given; with
    /// `isCaseless` compared, sorted and unique regardless of case.
    case text(min: Int, max: Int, pattern: String?, isCaseless: Bool = false)
    /// Texts in order: how many, and how long each may be.
    case texts(min: Int, max: Int, itemMax: Int)
    /// http or https with a host, at most 2,048 bytes.
    case url
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
    /// Whole seconds; `PT1H30M` in JSON.
    case duration(min: Int64, max: Int64)
    /// From an instant to a later one, which isn't in it any more; with `isOpen` either may be missing.
    case period(isOpen: Bool)
    /// Latitude and longitude in degrees, each exact to a millionth.
    case geo
    /// An IANA time zone's name.
    case timeZone
    case uuid
    /// Any JSON object of at most 64 KiB.
    case json
    /// The same, of a declared shape.
    case shapedJSON(JSONShape)
    /// ISO 4217.
    case currency
    /// ISO 3166-1 alpha-2.
    case country
    case reference(EntityReference)
    /// An uploaded file of the business.
    case file
    /// A number that the host gives: the prefix and six or more digits. Without gaps, a series is held by whoever takes
    /// a number until it is committed; with `hasGaps` nobody waits, and what is rolled back leaves a gap.
    case sequence(prefix: String, hasGaps: Bool = false)
    /// Objects in order; in inputs and outputs of operations only.
    case list(of: [Field], max: Int)
}

extension FieldType {
    /// The word in the manifest.
    package var keyword: String {
        switch self {
        case .text: "text"
        case .texts: "texts"
        case .url: "url"
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
        case .duration: "duration"
        case .period: "period"
        case .geo: "geo"
        case .timeZone: "timezone"
        case .uuid: "uuid"
        case .json, .shapedJSON: "json"
        case .currency: "currency"
        case .country: "country"
        case .reference: "ref"
        case .file: "file"
        case .sequence: "sequence"
        case .list: "list"
        }
    }
}
