import HostModel

extension ObjectRule {
    /// The checked objects of a list; nil for what is no list, or too long a one.
    ///
    /// - Parameters:
    ///   - max: Items; a longer list isn't looked into, because it would cost as much as it likes.
    ///   - rule: What an item has to keep.
    static func list(
        _ value: JSONValue, max: Int, at path: JSONPointer, _ faults: inout FaultList,
        rule: (JSONObject) -> ObjectRule
    ) -> JSONValue? {
        guard let elements = value.array else {
            faults.add(path, .type("a list of objects"))
            return nil
        }
        guard elements.count <= max else {
            faults.add(path, .max("\(max) items"))
            return nil
        }
        return .array(
            elements.enumerated().compactMap { index, element -> JSONValue? in
                let place = path.appending(index)
                guard let object = element.object else {
                    faults.add(place, .type("an object"))
                    return nil
                }
                return .object(rule(object).values(of: object, at: place, &faults))
            })
    }
}
