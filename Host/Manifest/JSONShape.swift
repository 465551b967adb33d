package import HostModel

/// What a JSON value looks like: a small part of JSON Schema, which `docs/PLUGINS.md` lists.
package struct JSONShape: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable { case object, array, string, integer, number, boolean }

    package struct Property: Hashable, Sendable {
        package let name: String
        package let shape: JSONShape

        package init(name: String, shape: JSONShape) {
            self.name = name
            self.shape = shape
        }
    }

    /// `object` for the whole value of a field.
    package let kind: Kind
    package var properties: [Property] = []
    package var required: [String] = []
    /// Whether an object may have members beside its properties.
    package var allowsOthers = true
    /// The shape of an array's items; none, or one.
    package var items: [JSONShape] = []
    /// The only values; empty for any.
    package var values: [JSONValue] = []
    package var minimum: Int64?
    package var maximum: Int64?
    /// In Unicode scalars.
    package var minLength: Int?
    package var maxLength: Int?
    package var maxItems: Int?

    package init(_ kind: Kind) {
        self.kind = kind
    }

    /// The same as JSON Schema (draft 2020-12).
    package var schema: JSONValue {
        var schema = JSONObject()
        schema["type"] = .string(kind.rawValue)
        if !properties.isEmpty {
            var members = JSONObject()
            for property in properties { members[property.name] = property.shape.schema }
            schema["properties"] = .object(members)
        }
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        if !allowsOthers { schema["additionalProperties"] = .bool(false) }
        if let items = items.first { schema["items"] = items.schema }
        if !values.isEmpty { schema["enum"] = .array(values) }
        let bounds = [
            ("minimum", minimum), ("maximum", maximum), ("minLength", minLength.map(Int64.init)),
            ("maxLength", maxLength.map(Int64.init)), ("maxItems", maxItems.map(Int64.init)),
        ]
        for (name, bound) in bounds { if let bound { schema[name] = .int(bound) } }
        return .object(schema)
    }
}
