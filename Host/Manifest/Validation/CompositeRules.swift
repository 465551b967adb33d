import HostModel

/// `{"from": …, "to": …}`: half open, from before to.
enum PeriodRule {
    private static let names = ["from", "to"]

    /// Both instants in UTC, null for a missing end of an open one; nil when at fault.
    static func normalised(
        _ value: JSONValue, isOpen: Bool, at path: JSONPointer, _ faults: inout FaultList
    ) -> JSONValue? {
        guard let object = value.object else {
            faults.add(path, .type("an object with from and to"))
            return nil
        }
        var isValid = true
        for name in object.names where !names.contains(name) {
            faults.add(path.appending(name), .unknownField(suggestion: nil))
            isValid = false
        }
        var ends: [Timestamp?] = []
        for name in names {
            do {
                ends.append(try instant(object[name] ?? .null, isOpen: isOpen))
            } catch {
                faults.add(path.appending(name), error)
                isValid = false
            }
        }
        guard isValid else { return nil }
        if let from = ends[0], let to = ends[1], from >= to {
            faults.add(path.appending("to"), .later)
            return nil
        }
        let texts = ends.map { end in end?.rfc3339.map { JSONValue.string($0) } ?? .null }
        return ["from": texts[0], "to": texts[1]]
    }

    private static func instant(_ value: JSONValue, isOpen: Bool) throws(Breach) -> Timestamp? {
        if case .null = value {
            guard isOpen else { throw .required }
            return nil
        }
        guard let text = value.string else { throw .type("a text") }
        return Timestamp(rfc3339: try TextFormat.timestamp(text))
    }
}

/// `{"lat": …, "lng": …}` in degrees; more than six decimals are rounded, which moves a place by 6 cm at most.
enum GeoRule {
    private static let bounds = [("lat", Int64(90)), ("lng", Int64(180))]

    static func normalised(_ value: JSONValue, at path: JSONPointer, _ faults: inout FaultList) -> JSONValue? {
        guard let object = value.object else {
            faults.add(path, .type("an object with lat and lng"))
            return nil
        }
        var isValid = true
        for name in object.names where !bounds.contains(where: { $0.0 == name }) {
            faults.add(path.appending(name), .unknownField(suggestion: nil))
            isValid = false
        }
        for (name, limit) in bounds {
            guard let breach = breach(object[name], limit) else { continue }
            faults.add(path.appending(name), breach)
            isValid = false
        }
        return isValid ? GeoPosition(json: value)?.json : nil
    }

    private static func breach(_ value: JSONValue?, _ limit: Int64) -> Breach? {
        switch value {
        case nil: return .required
        case .int, .double: break
        default: return .type("a number of degrees")
        }
        let micro = value.flatMap(GeoPosition.micro)
        if let micro, abs(micro) <= limit * 1_000_000 { return nil }
        return Breach(code: "out_of_range", detail: "The value must be from -\(limit) to \(limit).")
    }
}

/// Texts in order; equal ones may come twice.
enum TextsRule {
    static func normalised(
        _ value: JSONValue, count: ClosedRange<Int>, itemMax: Int, at path: JSONPointer, _ faults: inout FaultList
    ) -> JSONValue? {
        guard let elements = value.array else {
            faults.add(path, .type("a list of texts"))
            return nil
        }
        guard elements.count <= count.upperBound else {
            faults.add(path, .max("\(count.upperBound) items"))
            return nil
        }
        guard elements.count >= count.lowerBound else {
            faults.add(path, .min("\(count.lowerBound) items"))
            return nil
        }
        let item = FieldType.text(min: 1, max: itemMax, pattern: nil)
        for (index, element) in elements.enumerated() {
            do {
                _ = try item.normalised(element)
            } catch {
                faults.add(path.appending(index), error)
            }
        }
        return value
    }
}
