/// A JSON value (RFC 8259). Integers keep 64 bits; other numbers are doubles. Objects keep the order of their members.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object, in order. Names are unique.
package struct JSONObject: Hashable, Sendable {
    package private(set) var members: [(name: String, value: JSONValue)] = []
    /// Of an object with more members than are looked through one by one.
    private var positions: [String: Int] = [:]

    /// So many are found sooner by looking at each than by a hash.
    private static let scannedMax = 16

    package init() {}

    package init(_ members: KeyValuePairs<String, JSONValue>) {
        for (name, value) in members { self[name] = value }
    }

    package var names: [String] { members.map(\.name) }

    /// The member of that name; setting nil leaves the object as it is, setting a value adds or replaces.
    package subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            guard let newValue else { return }
            if let position = position(of: name) {
                members[position].value = newValue
            } else {
                members.append((name, newValue))
                note()
            }
        }
    }

    private func position(of name: String) -> Int? {
        guard members.count <= Self.scannedMax else { return positions[name] }
        for index in members.indices where members[index].name == name { return index }
        return nil
    }

    /// Keeps the place of the last member, and once there are many those of all.
    private mutating func note() {
        guard members.count > Self.scannedMax else { return }
        let unknown = positions.isEmpty ? 0 : members.count - 1
        for index in unknown..<members.count { positions[members[index].name] = index }
    }

    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && left.members.allSatisfy { right[$0.name] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
    }
}

extension JSONValue {
    package var string: String? {
        if case .string(let string) = self { string } else { nil }
    }
    package var int: Int64? {
        if case .int(let int) = self { int } else { nil }
    }
    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }
    package var array: [JSONValue]? {
        if case .array(let array) = self { array } else { nil }
    }
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
    /// The member of an object; nil for anything else.
    package subscript(name: String) -> JSONValue? { object?[name] }
    /// The element of an array; nil outside it and for anything else.
    package subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    package static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(JSONObject(members))
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
}
