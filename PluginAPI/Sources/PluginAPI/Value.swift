/// What crosses the border between host and plugin. Since 1.0.
///
/// Money, quantities and rates are integers in the unit that their field declares (cents, thousandths,
/// parts per million); there is no floating-point case.
public enum Value: Hashable, Sendable {
    /// The absence of a value.
    case null
    /// True or false.
    case bool(Bool)
    /// An integer; also money in minor units, quantities in thousandths and rates in parts per million.
    case int(Int64)
    /// Text in UTF-8.
    case text(String)
    /// Uninterpreted bytes.
    case bytes([UInt8])
    /// The id of a record.
    case id(RecordID)
    /// An instant.
    case timestamp(Timestamp)
    /// A day without a time zone.
    case date(LocalDate)
    /// Values in order.
    case list([Value])
    /// Values by name.
    case map(Record)
}

/// Values by field name: a row, an operation's input, an event's payload. Since 1.0.
public struct Record: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The values by name; a name that is absent reads as ``Value/null``.
    public var values: [String: Value]

    /// Makes a record from its values.
    public init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    /// Makes a record from a literal; the last of two equal names wins.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
    }

    /// The value of a field, null when it is absent.
    public subscript(name: String) -> Value {
        get { values[name] ?? .null }
        set { values[name] = newValue }
    }
}
