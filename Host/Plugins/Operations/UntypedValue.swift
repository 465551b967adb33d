import HostModel
import PluginAPI

extension Value {
    /// Takes JSON as it is. A number with a fraction becomes its text: values have no floating point.
    init(untyped json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(int)
        case .double(let double): self = .text("\(double)")
        case .string(let string): self = .text(string)
        case .array(let elements): self = .list(elements.map(Value.init(untyped:)))
        case .object(let object):
            var record = Record()
            for (name, value) in object.members { record[name] = Value(untyped: value) }
            self = .map(record)
        }
    }
}

extension JSONValue {
    /// Gives a value in the form that it has in JSON; nil for bytes, which have none.
    init?(untyped value: PluginAPI.Value) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(int)
        case .text(let text): self = .string(text)
        case .id(let id): self = .string(id.description)
        case .timestamp(let instant):
            guard let text = instant.json else { return nil }
            self = text
        case .date(let date): self = .string(date.description)
        case .list(let values):
            guard let elements = values.mapAll(JSONValue.init(untyped:)) else { return nil }
            self = .array(elements)
        case .map(let record):
            var object = JSONObject()
            for (name, value) in record.values.sorted(by: { $0.key < $1.key }) {
                guard let json = JSONValue(untyped: value) else { return nil }
                object[name] = json
            }
            self = .object(object)
        case .bytes: return nil
        @unknown default: return nil
        }
    }
}

extension Sequence {
    /// The transformed elements, nil when one of them can't be transformed.
    func mapAll<Result>(_ transform: (Element) -> Result?) -> [Result]? {
        var results: [Result] = []
        for element in self {
            guard let result = transform(element) else { return nil }
            results.append(result)
        }
        return results
    }
}
