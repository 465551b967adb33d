/// A typed record of one entity; the generator writes one struct per entity. Since 1.0.
public protocol Entity: Sendable {
    /// The qualified name, such as `hs.work_order`.
    static var entityName: String { get }
    /// The values read, and which of them were changed since.
    var fields: Fields { get set }
    /// Wraps a record that the host read.
    init(fields: Fields)
}

extension Entity {
    /// The record's id.
    public var id: RecordID { fields.id }
    /// A typed reference to this record.
    public var reference: Reference<Self> { Reference(id) }
    /// Counts up with every change; the record's ETag.
    public var version: Int64 { fields.version }
}

/// An entity with a state machine. Since 1.0.
public protocol StatefulEntity: Entity {
    /// The declared transitions; the raw value is the name in the manifest.
    associatedtype Transition: RawRepresentable<String> & Sendable
}

/// The fields of a new record; the generator writes one struct per entity. Since 1.0.
public protocol Draft: Sendable {
    /// What the host makes of it.
    associatedtype Made: Entity
    /// The fields to store.
    var record: Record { get }
}

/// The id of a record of a known entity. Since 1.0.
public struct Reference<Target>: Hashable, Sendable, FieldValue {
    /// The bare id.
    public let id: RecordID

    /// Makes a reference; whether the record exists is found out when it is used.
    public init(_ id: RecordID) {
        self.id = id
    }

    /// Reads ``Value/id(_:)``.
    public init?(value: Value) {
        guard case .id(let id) = value else { return nil }
        self.id = id
    }

    /// The value to store.
    public var value: Value { .id(id) }
}

/// The values of one record with the changes made to them. Since 1.0.
public struct Fields: Hashable, Sendable {
    /// The record's id.
    public let id: RecordID
    /// The record's version when it was read.
    public let version: Int64
    /// All values, changes included.
    public private(set) var record: Record
    /// The changed values only.
    public private(set) var changes: Record

    /// Takes a record as the host gives it, with `id` and `version` in it.
    ///
    /// - Throws: A ``Refusal`` with code `validation_failed` when either is missing.
    public init(_ record: Record) throws(Refusal) {
        id = try record.required("id")
        version = try record.required("version")
        self.record = record
        changes = [:]
    }

    /// Sets a field.
    public mutating func set(_ name: String, _ value: Value) {
        record[name] = value
        changes[name] = value
    }

    /// Reads a field that the manifest says is always there; a wrong kind ends in `fallback`.
    public func get<Field: FieldValue>(_ name: String, or fallback: Field) -> Field {
        Field(value: record[name]) ?? fallback
    }

    /// Reads a field that may be absent.
    public func get<Field: FieldValue>(_ name: String) -> Field? {
        Field(value: record[name])
    }
}
