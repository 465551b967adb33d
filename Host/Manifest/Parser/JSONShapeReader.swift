import HostModel

/// Reads the `schema` of a json field.
struct JSONShapeReader {
    let findings: Findings

    static let depthMax = 8
    static let propertyCountMax = 100
    static let valueCountMax = 100
    /// Longest text and array that a shape can ask for: more than 64 KiB of JSON can hold.
    static let countMax: Int64 = 65_536

    /// Nil, with a finding, for what isn't the schema of an object.
    func shape(of node: YAMLNode, _ what: String) -> JSONShape? {
        guard let shape = shape(node, what, depth: 1) else { return nil }
        guard shape.kind == .object else {
            report(node, "\(what) must have the type `object`: the value of a json field is one")
            return nil
        }
        return shape
    }

    private func shape(_ node: YAMLNode, _ what: String, depth: Int) -> JSONShape? {
        guard depth <= Self.depthMax else {
            report(node, "\(what) is deeper than \(Self.depthMax) levels")
            return nil
        }
        guard let map = MapReader(node, what, keys: ManifestGrammar.jsonShape, findings: findings),
            map.required("type") != nil, let kind: JSONShape.Kind = map.word("type")
        else { return nil }
        for key in ManifestGrammar.jsonShape where map[key] != nil {
            if !Self.keys(of: kind).contains(key) {
                findings.report(
                    .jsonShape, at: map.position(key), "\(what) has the type `\(kind.rawValue)`, which has no `\(key)`")
            }
        }
        var shape = JSONShape(kind)
        readObject(map, depth, into: &shape)
        if let items = map["items"], let item = self.shape(items, "`items` of \(what)", depth: depth + 1) {
            shape.items = [item]
        }
        readValues(map, into: &shape)
        readBounds(map, into: &shape)
        return shape
    }

    private func readObject(_ map: MapReader, _ depth: Int, into shape: inout JSONShape) {
        let members = map.entries("properties")
        if members.count > Self.propertyCountMax {
            report(map.node, "\(map.what) has more than \(Self.propertyCountMax) properties")
        }
        shape.properties = members.compactMap { member in
            self.shape(member.value, "the property `\(member.key)`", depth: depth + 1)
                .map { JSONShape.Property(name: member.key, shape: $0) }
        }
        shape.allowsOthers = map.bool("additionalProperties") ?? true
        shape.required = map.texts("required") ?? []
        for name in shape.required where !members.contains(where: { $0.key == name }) {
            findings.report(
                .jsonShape, at: map.position("required"), "\(map.what) requires `\(name)`, which is no property of it")
        }
    }

    private func readValues(_ map: MapReader, into shape: inout JSONShape) {
        guard let nodes = map.list("enum") else { return }
        let values = nodes.compactMap { Self.scalar($0, shape.kind) }
        guard (1...Self.valueCountMax).contains(nodes.count), values.count == nodes.count,
            Set(values).count == values.count
        else {
            return findings.report(
                .jsonShape, at: map.position("enum"),
                "`enum` of \(map.what) must be 1 to \(Self.valueCountMax) different values of its type")
        }
        shape.values = values
    }

    private func readBounds(_ map: MapReader, into shape: inout JSONShape) {
        shape.minimum = map.int("minimum")
        shape.maximum = map.int("maximum")
        shape.minLength = count(map, "minLength")
        shape.maxLength = count(map, "maxLength")
        shape.maxItems = count(map, "maxItems")
        let isEmpty =
            (shape.minimum ?? .min) > (shape.maximum ?? .max) || (shape.minLength ?? 0) > (shape.maxLength ?? .max)
        if isEmpty { report(map.node, "\(map.what) has a least that is above its most") }
    }

    private func count(_ map: MapReader, _ key: String) -> Int? {
        guard let count = map.int(key) else { return nil }
        guard (0...Self.countMax).contains(count) else {
            findings.report(
                .jsonShape, at: map.position(key), "`\(key)` of \(map.what) must be from 0 to \(Self.countMax)")
            return nil
        }
        return Int(count)
    }

    private func report(_ node: YAMLNode, _ message: String) {
        findings.report(.jsonShape, at: node.position, message)
    }

    private static func scalar(_ node: YAMLNode, _ kind: JSONShape.Kind) -> JSONValue? {
        switch (kind, node.content) {
        case (.string, .scalar(.text(let text))): .string(text)
        case (.integer, .scalar(.int(let int))), (.number, .scalar(.int(let int))): .int(int)
        default: nil
        }
    }

    private static func keys(of kind: JSONShape.Kind) -> [String] {
        switch kind {
        case .object: ["type", "properties", "required", "additionalProperties"]
        case .array: ["type", "items", "maxItems"]
        case .string: ["type", "enum", "minLength", "maxLength"]
        case .integer, .number: ["type", "enum", "minimum", "maximum"]
        case .boolean: ["type"]
        }
    }
}
