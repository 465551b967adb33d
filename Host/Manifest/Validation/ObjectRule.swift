import HostModel

/// The rules of the members of one object: a body, or an item of a list.
struct ObjectRule: Sendable {
    /// Whether absent members stay absent: neither required nor given a default.
    private let isPartial: Bool
    private let fields: [Field]
    /// By column, as bodies name them.
    private let rules: [String: FieldRule]
    /// By member.
    private let lines: [String: LineRule]

    init(_ fields: [Field], isPartial: Bool, lines: [LineRule] = []) {
        self.isPartial = isPartial
        self.fields = fields
        self.lines = Dictionary(lines.map { ($0.member, $0) }, uniquingKeysWith: { first, _ in first })
        rules = Dictionary(fields.map { ($0.column, FieldRule($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The values by field name; those at fault are left out and added to the faults.
    func values(of object: JSONObject, at path: JSONPointer, _ faults: inout FaultList) -> JSONObject {
        var values = JSONObject()
        for (name, value) in object.members {
            let place = path.appending(name)
            if let rule = lines[name] {
                values[name] = rule.values(of: value, at: place, &faults)
                continue
            }
            guard let rule = rules[name] else {
                faults.add(place, .unknownField(suggestion: reference(called: name)?.column))
                continue
            }
            values[rule.field.name] = self.value(value, rule, at: place, &faults)
        }
        if !isPartial { complete(&values, of: object, at: path, &faults) }
        return values
    }

    /// Nil for a value at fault, and for a null that says the same as nothing.
    private func value(
        _ value: JSONValue, _ rule: FieldRule, at place: JSONPointer, _ faults: inout FaultList
    ) -> JSONValue? {
        let field = rule.field
        if field.isReadOnly {
            faults.add(place, field.isCounter ? .counter : .readOnly)
            return nil
        }
        guard case .null = value else { return rule.normalised(value, at: place, &faults) }
        if field.isRequired {
            faults.add(place, .required)
            return nil
        }
        // A column with a default is never NULL: cleared, it has its default again.
        if let defaultValue = field.defaultValue { return defaultValue }
        return isPartial ? .some(.null) : .none
    }

    /// The values of a partial object made whole, as if all members had been asked for from the start.
    func completed(_ values: JSONObject, at path: JSONPointer, _ faults: inout FaultList) -> JSONObject {
        var whole = JSONObject()
        var sent = JSONObject()
        for (name, value) in values.members {
            if value != .null { whole[name] = value }
            if let field = fields.first(where: { $0.name == name }) { sent[field.column] = value }
        }
        complete(&whole, of: sent, at: path, &faults)
        return whole
    }

    /// Adds the defaults of absent members, and a fault for each required one.
    private func complete(
        _ values: inout JSONObject, of object: JSONObject, at path: JSONPointer, _ faults: inout FaultList
    ) {
        for field in fields where object[field.column] == nil {
            if let defaultValue = field.defaultValue {
                values[field.name] = defaultValue
            } else if field.isRequired, !field.isReadOnly {
                faults.add(path.appending(field.column), .required)
            }
        }
    }

    /// A reference whose `_id` was forgotten.
    private func reference(called name: String) -> Field? {
        fields.first { $0.name == name && $0.column != name && !$0.isReadOnly }
    }
}
