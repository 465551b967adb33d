import HostModel

/// A field with all that is made from it once: its pattern, the rules of its items.
struct FieldRule: Sendable {
    let field: Field
    private let pattern: CompiledPattern?
    private let items: ObjectRule?

    init(_ field: Field) {
        self.field = field
        switch field.type {
        case .text(_, _, let pattern?, _):
            self.pattern = CompiledPattern(pattern)
            items = nil
        case .list(let fields, _):
            pattern = nil
            items = ObjectRule(fields, isPartial: false)
        default:
            pattern = nil
            items = nil
        }
    }

    /// The value in the form that is stored; nil for one at fault. The value isn't null.
    func normalised(_ value: JSONValue, at path: JSONPointer, _ faults: inout FaultList) -> JSONValue? {
        if field.isSensitive, value.string == Field.mask {
            faults.add(path, .masked)
            return nil
        }
        return normalised(plain: value, at: path, &faults)
    }

    private func normalised(
        plain value: JSONValue, at path: JSONPointer, _ faults: inout FaultList
    ) -> JSONValue? {
        switch (field.type, items) {
        case (.enumerationSet(let allowed), _): set(value, of: allowed, at: path, &faults)
        case (.list(_, let max), let items?): ObjectRule.list(value, max: max, at: path, &faults) { _ in items }
        case (.texts(let min, let max, let itemMax), _):
            TextsRule.normalised(value, count: min...max, itemMax: itemMax, at: path, &faults)
        case (.period(let isOpen), _): PeriodRule.normalised(value, isOpen: isOpen, at: path, &faults)
        case (.geo, _): GeoRule.normalised(value, at: path, &faults)
        case (.shapedJSON(let shape), _): document(value, of: shape, at: path, &faults)
        default: single(value, at: path, &faults)
        }
    }

    private func single(_ value: JSONValue, at path: JSONPointer, _ faults: inout FaultList) -> JSONValue? {
        do {
            let normalised = try field.type.normalised(value)
            if let pattern, case .string(let text) = normalised { try pattern.check(text) }
            return normalised
        } catch {
            faults.add(path, error)
            return nil
        }
    }

    private func document(
        _ value: JSONValue, of shape: JSONShape, at path: JSONPointer, _ faults: inout FaultList
    ) -> JSONValue? {
        guard let document = single(value, at: path, &faults) else { return nil }
        shape.check(document, at: path, &faults)
        return document
    }

    private func set(
        _ value: JSONValue, of allowed: [String], at path: JSONPointer, _ faults: inout FaultList
    ) -> JSONValue? {
        guard let elements = value.array else {
            faults.add(path, .type("a list of texts"))
            return nil
        }
        var seen: Set<String> = []
        for (index, element) in elements.enumerated() {
            let breach: Breach? =
                switch element.string {
                case let text? where !TextFormat.isWord(text, of: allowed): .oneOf(allowed)
                case let text?: seen.insert(text).inserted ? nil : .duplicate
                case nil: .type("a text")
                }
            if let breach { faults.add(path.appending(index), breach) }
        }
        return value
    }
}
