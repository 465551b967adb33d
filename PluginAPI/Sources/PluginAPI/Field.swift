/// A Swift type that a field of a record can have. Since 1.0.
///
/// Conformances for the types of the manifest are here; generated enums add their own.
public protocol FieldValue: Sendable {
    /// Reads the value; nil when it is of another kind.
    init?(value: Value)
    /// The value to store.
    var value: Value { get }
}

extension Bool: FieldValue {
    /// Reads ``Value/bool(_:)``.
    public init?(value: Value) {
        guard case .bool(let bool) = value else { return nil }
        self = bool
    }
    /// The value to store.
    public var value: Value { .bool(self) }
}

extension Int64: FieldValue {
    /// Reads ``Value/int(_:)``.
    public init?(value: Value) {
        guard case .int(let int) = value else { return nil }
        self = int
    }
    /// The value to store.
    public var value: Value { .int(self) }
}

extension String: FieldValue {
    /// Reads ``Value/text(_:)``.
    public init?(value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
    /// The value to store.
    public var value: Value { .text(self) }
}

extension RecordID: FieldValue {
    /// Reads ``Value/id(_:)``.
    public init?(value: Value) {
        guard case .id(let id) = value else { return nil }
        self = id
    }
    /// The value to store.
    public var value: Value { .id(self) }
}

extension Timestamp: FieldValue {
    /// Reads ``Value/timestamp(_:)``.
    public init?(value: Value) {
        guard case .timestamp(let timestamp) = value else { return nil }
        self = timestamp
    }
    /// The value to store.
    public var value: Value { .timestamp(self) }
}

extension LocalDate: FieldValue {
    /// Reads ``Value/date(_:)``.
    public init?(value: Value) {
        guard case .date(let date) = value else { return nil }
        self = date
    }
    /// The value to store.
    public var value: Value { .date(self) }
}

extension Record: FieldValue {
    /// Reads ``Value/map(_:)``.
    public init?(value: Value) {
        guard case .map(let record) = value else { return nil }
        self = record
    }
    /// The value to store.
    public var value: Value { .map(self) }
}

extension Array: FieldValue where Element: FieldValue {
    /// Reads ``Value/list(_:)``; nil when one element is of another kind.
    public init?(value: Value) {
        guard case .list(let values) = value else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for value in values {
            guard let element = Element(value: value) else { return nil }
            elements.append(element)
        }
        self = elements
    }
    /// The value to store.
    public var value: Value { .list(map(\.value)) }
}

extension Record {
    /// Reads a field that must be there.
    ///
    /// - Throws: A ``Refusal`` with code `validation_failed` that names the field.
    public func required<Field: FieldValue>(_ name: String, as type: Field.Type = Field.self) throws(Refusal) -> Field {
        guard let field = Field(value: self[name]) else { throw .invalid(name, code: "required") }
        return field
    }

    /// Reads a field that may be absent.
    ///
    /// - Throws: A ``Refusal`` with code `validation_failed` when it is there and of another kind.
    public func optional<Field: FieldValue>(_ name: String, as type: Field.Type = Field.self) throws(Refusal) -> Field?
    {
        if case .null = self[name] { return nil }
        guard let field = Field(value: self[name]) else { throw .invalid(name, code: "type") }
        return field
    }
}
