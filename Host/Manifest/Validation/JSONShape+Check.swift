import HostModel

extension JSONShape {
    /// Adds a fault for everything in a value that isn't as the shape says, with its place in the value.
    func check(_ value: JSONValue, at path: JSONPointer, _ faults: inout FaultList) {
        switch (kind, value) {
        case (.object, .object(let object)): check(object, at: path, &faults)
        case (.array, .array(let elements)): check(elements, at: path, &faults)
        case (.string, .string(let text)): check(text, at: path, &faults)
        case (.integer, .int(let int)): check(Double(int), int, at: path, &faults)
        case (.number, .int(let int)): check(Double(int), int, at: path, &faults)
        case (.number, .double(let double)): check(double, nil, at: path, &faults)
        case (.boolean, .bool): break
        default: faults.add(path, .type(Self.expectation(kind)))
        }
    }

    private func check(_ object: JSONObject, at path: JSONPointer, _ faults: inout FaultList) {
        for name in required where object[name] == nil { faults.add(path.appending(name), .required) }
        for (name, value) in object.members {
            if let property = properties.first(where: { $0.name == name }) {
                property.shape.check(value, at: path.appending(name), &faults)
            } else if !allowsOthers {
                faults.add(path.appending(name), .unknownField(suggestion: nil))
            }
        }
    }

    private func check(_ elements: [JSONValue], at path: JSONPointer, _ faults: inout FaultList) {
        if let maxItems, elements.count > maxItems { return faults.add(path, .max("\(maxItems) items")) }
        guard let item = items.first else { return }
        for (index, element) in elements.enumerated() { item.check(element, at: path.appending(index), &faults) }
    }

    private func check(_ text: String, at path: JSONPointer, _ faults: inout FaultList) {
        let words = values.compactMap(\.string)
        if !words.isEmpty, !words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
            return faults.add(path, .oneOf(words))
        }
        let count = text.unicodeScalars.count
        if let minLength, count < minLength { faults.add(path, .min("\(minLength) characters")) }
        if let maxLength, count > maxLength { faults.add(path, .max("\(maxLength) characters")) }
    }

    private func check(_ number: Double, _ int: Int64?, at path: JSONPointer, _ faults: inout FaultList) {
        let numbers = values.compactMap(\.int)
        if !numbers.isEmpty, !numbers.contains(where: { $0 == int }) {
            return faults.add(path, .oneOf(numbers.map { String($0) }))
        }
        if let minimum, int.map({ $0 < minimum }) ?? (number < Double(minimum)) { faults.add(path, .min("\(minimum)")) }
        if let maximum, int.map({ $0 > maximum }) ?? (number > Double(maximum)) { faults.add(path, .max("\(maximum)")) }
    }

    private static func expectation(_ kind: Kind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "a list"
        case .string: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        }
    }
}
