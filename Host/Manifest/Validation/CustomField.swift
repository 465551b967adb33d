package import HostModel

/// A field that a business added to an entity: one member of the record's `custom` object.
package struct CustomField: Hashable, Sendable {
    /// The raw value is the word in the API.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case text, int, money, bool, date, datetime
        case word = "enum"
        case words = "multi_enum"
        case reference = "ref"
    }

    package let key: String
    package let kind: Kind
    package let isRequired: Bool
    /// The words of an enum; empty for every other kind.
    package let options: [String]
    /// The entity that a reference names a record of; nil for every other kind.
    package let target: EntityReference?
    /// Nil for a field that isn't indexed.
    package let index: Index?

    /// What finds records by the field's values.
    package struct Index: Hashable, Sendable {
        /// Of the field.
        package let field: String
        /// Whether the records of before are in it too, so that lists may use it.
        package let isReady: Bool

        package init(field: String, isReady: Bool) {
            self.field = field
            self.isReady = isReady
        }
    }

    package init(
        key: String, kind: Kind, isRequired: Bool, options: [String], target: EntityReference?, index: Index? = nil
    ) {
        self.key = key
        self.kind = kind
        self.isRequired = isRequired
        self.options = options
        self.target = target
        self.index = index
    }

    /// A text's characters, at most.
    static let textLengthMax = 2_000
    /// The same of an indexed one: a row of an index has a bound in PostgreSQL.
    package static let indexedLengthMax = 500

    /// The same as a field of a manifest, so that its values are checked as those are. A reference is its id here.
    package var field: Field {
        let exact: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991
        let type: FieldType =
            switch kind {
            case .text: .text(min: 1, max: index == nil ? Self.textLengthMax : Self.indexedLengthMax, pattern: nil)
            case .int: .int(min: exact.lowerBound, max: exact.upperBound)
            case .money: .money(min: exact.lowerBound, max: exact.upperBound)
            case .bool: .bool
            case .date: .date
            case .datetime: .timestamp
            case .word: .enumeration(options)
            case .words: .enumerationSet(options)
            case .reference: .uuid
            }
        return Field(name: key, type: type)
    }
}

/// The fields that a business added to one entity, ready to check values.
package struct CustomFields: Sendable {
    package let fields: [CustomField]
    private let rules: [String: FieldRule]

    /// - Parameter fields: Those in use, without archived ones.
    package init(_ fields: [CustomField]) {
        self.fields = fields
        rules = Dictionary(fields.map { ($0.key, FieldRule($0.field)) }, uniquingKeysWith: { first, _ in first })
    }

    /// An entity without any.
    package static let none = CustomFields([])

    /// The same without some: for a caller who doesn't see them.
    package func without(_ keys: Set<String>) -> CustomFields {
        keys.isEmpty ? self : CustomFields(fields.filter { !keys.contains($0.key) })
    }

    /// A value that must name a record of the business.
    package struct Reference: Hashable, Sendable {
        package let key: String
        package let target: EntityReference
        package let id: String
    }

    /// What the values are for.
    package enum Write: Hashable, Sendable {
        /// A new record: required fields must be there, and nulls are left out.
        case creation
        /// A new record that an operation makes: it can't know of required fields, so they may be missing.
        case composition
        /// Only what is sent is looked at, and a null stays: it removes the value.
        case change
    }

    /// The values of `custom`, checked and normalised, and the references among them.
    ///
    /// - Parameters:
    ///   - object: The member `custom` of a body; nil when it has none.
    ///   - write: What the values are for.
    /// - Throws: `validation_failed` with every fault, at `/custom/<key>`.
    package func checked(
        _ object: JSONObject?, for write: Write
    ) throws(Problem) -> (values: JSONObject, references: [Reference]) {
        var values = JSONObject()
        var faults = FaultList()
        let root = JSONPointer.root.appending("custom")
        for (key, value) in object?.members ?? [] {
            let place = root.appending(key)
            guard let rule = rules[key], let field = fields.first(where: { $0.key == key }) else {
                faults.add(place, unknown(key))
                continue
            }
            if value != .null {
                values[key] = rule.normalised(value, at: place, &faults)
            } else if field.isRequired {
                faults.add(place, .required)
            } else if write == .change {
                values[key] = .null
            }
        }
        for field in fields where write == .creation && field.isRequired && object?[field.key] == nil {
            faults.add(root.appending(field.key), .required)
        }
        if let problem = faults.problem { throw problem }
        return (values, references(values))
    }

    private func unknown(_ key: String) -> Breach {
        let near = NearestName.nearest(to: key, among: fields.map(\.key)).map { "; did you mean `\($0)`?" } ?? "."
        return Breach(code: "unknown_field", detail: "There is no such custom field" + near)
    }

    private func references(_ values: JSONObject) -> [Reference] {
        fields.compactMap { field in
            guard let target = field.target, let id = values[field.key]?.string else { return nil }
            return Reference(key: field.key, target: target, id: id)
        }
    }
}
