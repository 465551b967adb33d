/// A struct of typed fields: an operation's input or output, an element of a list. Since 1.0.
///
/// The generator writes the conforming types.
public protocol RecordValue: FieldValue {
    /// Reads the fields.
    ///
    /// - Throws: A ``Refusal`` with code `validation_failed` that names the first field at fault.
    init(_ record: Record) throws(Refusal)
    /// The values by field name; fields without a value are left out.
    var record: Record { get }
}

extension RecordValue {
    /// Reads ``Value/map(_:)``; nil when a field is missing or of another kind.
    public init?(value: Value) {
        guard case .map(let record) = value, let made = try? Self(record) else { return nil }
        self = made
    }

    /// The value that crosses.
    public var value: Value { .map(record) }
}

extension Entity {
    /// Reads the record that an operation answers with.
    ///
    /// - Throws: A ``Refusal`` with code `validation_failed` when it isn't a record.
    public init(answer value: Value) throws(Refusal) {
        guard case .map(let record) = value else { throw .invalid("", code: "type") }
        self.init(fields: try Fields(record))
    }

    /// The record as an operation's answer.
    public var answer: Value { .map(fields.record) }
}
