import Foundation
import HostModel

/// Makes valid values from the schemas of the OpenAPI document.
///
/// Texts carry a mark, so that a text of one business is recognised wherever it turns up.
struct SampleBody {
    let description: APIDescription
    /// Begins every text that may be any text.
    let mark: String
    /// The entity that the body makes, for the names of parents.
    let entity: String?
    /// Ids by entity.
    let ids: [String: String]
    /// Tells one sample from the next.
    let number: Int
    /// Whether members that aren't required are there too.
    var isFull = true

    func make(_ schema: JSONValue) -> JSONValue {
        let schema = description.resolved(schema)
        guard let properties = schema["properties"]?.object else { return value("", schema) ?? [:] }
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        var body = JSONObject()
        for (name, member) in properties.members where isFull || required.contains(name) {
            guard !Self.left.contains(name), !(member["description"]?.string ?? "").contains("without gaps") else {
                continue
            }
            body[name] = value(name, member)
        }
        return .object(body)
    }

    /// A value for one place of a body.
    func value(at path: ArraySlice<String>, _ schema: JSONValue) -> JSONValue? {
        let schema = description.resolved(schema)
        guard let name = path.first else { return nil }
        if let items = schema["items"] { return value(at: path.dropFirst(), items) }
        guard let member = schema["properties"]?[name] else { return nil }
        return path.count == 1 ? value(name, member) : value(at: path.dropFirst(), member)
    }

    /// Made by the server, wanted by somebody who knows the total, or what could take all of it away.
    private static let left: Set<String> = ["id", "custom", "expected_total_minor", "external_id", "discount_minor"]

    private func value(_ name: String, _ schema: JSONValue) -> JSONValue? {
        if let target = description.target(name, schema, of: entity) { return ids[target].map { .string($0) } }
        if let words = schema["enum"]?.array { return words.first }
        if let word = schema["const"] { return word }
        if let given = schema["default"], given != .null { return given }
        let type = schema["type"]?.string ?? schema["type"]?[0]?.string
        switch type {
        case "boolean": return true
        case "integer": return integer(schema)
        case "number": return 1
        case "array": return array(name, schema)
        case "object": return schema["properties"] == nil ? nil : make(schema)
        case "string": return text(name, schema)
        default: return nil
        }
    }

    private func integer(_ schema: JSONValue) -> JSONValue {
        let (low, high) = (schema["minimum"]?.int ?? 0, schema["maximum"]?.int ?? 1_000)
        // A digit says how, anything larger how much: amounts must not vanish when they are rounded.
        return .int(high < 10 ? low : min(max(1_000, low), high))
    }

    private func array(_ name: String, _ schema: JSONValue) -> JSONValue? {
        guard let items = schema["items"] else { return [] }
        let element = description.resolved(items)["properties"] == nil ? value(name, items) : make(items)
        return element.map { [$0] } ?? []
    }

    private func text(_ name: String, _ schema: JSONValue) -> JSONValue? {
        switch schema["format"]?.string {
        case "uuid": return name.hasSuffix("_id") ? nil : .string(UUID().uuidString.lowercased())
        case "email": return .string("\(mark)\(number)@example.com")
        case "date": return "2026-11-22"
        case "date-time": return .string("2026-11-22T\(String(format: "%02d", number % 24)):\(minute(of: name)):00Z")
        case "uri": return "https://example.com/"
        case nil: break
        default: return nil
        }
        switch schema["pattern"]?.string {
        case "^\\+[0-9]{8,15}$": return "+14155550100"
        case "^[A-Z]{3}$": return "USD"
        case "^[A-Z]{2}$": return "US"
        case nil: break
        default: return code(schema)
        }
        if (schema["description"]?.string ?? "").contains("time zone") { return "America/Chicago" }
        let limit = Int(schema["maxLength"]?.int ?? 40)
        return .string(String("\(mark) \(name) \(number)".prefix(limit)))
    }

    /// Starts come before ends, and slots are around both.
    private func minute(of name: String) -> String {
        switch name {
        case let name where name.hasSuffix("_to"): "50"
        case let name where name.hasPrefix("ends"): "40"
        case let name where name.hasPrefix("starts"): "10"
        default: "00"
        }
    }

    /// For a pattern of the manifest's own: the first of some usual codes that matches.
    private func code(_ schema: JSONValue) -> JSONValue? {
        guard let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern) else { return nil }
        let codes = [
            "\(mark)-\(number)", "AB-\(number)", "A\(number)", "\(number)", "ab\(number)", "abcd-\(number)", mark,
        ]
        return codes.first { $0.wholeMatch(of: regex) != nil }.map { .string($0) }
    }
}

extension JSONValue {
    /// The same value without what is at a path; `0` is the first element of a list.
    func removing(_ path: ArraySlice<String>) -> JSONValue {
        guard let name = path.first else { return self }
        switch self {
        case .object(let object):
            var rest = JSONObject()
            for (member, value) in object.members {
                if member != name {
                    rest[member] = value
                } else if path.count > 1 {
                    rest[member] = value.removing(path.dropFirst())
                }
            }
            return .object(rest)
        case .array(let elements):
            guard path.count > 1, let first = elements.first else { return [] }
            return .array([first.removing(path.dropFirst())] + elements.dropFirst())
        default: return self
        }
    }

    /// The same value with another one at a path; `0` is the first element of a list.
    func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        switch self {
        case .object(var object):
            object[name] = (object[name] ?? (path.count > 1 && path.dropFirst().first == "0" ? [] : [:]))
                .replacing(path.dropFirst(), with: value)
            return .object(object)
        case .array(let elements):
            let first = (elements.first ?? [:]).replacing(path.dropFirst(), with: value)
            return .array([first] + elements.dropFirst())
        default: return self
        }
    }
}
