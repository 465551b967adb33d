import HostModel

/// Reads a field's default and checks that the field itself could hold it.
struct DefaultReader {
    let findings: Findings

    func value(_ map: MapReader, _ name: String, _ type: FieldType) -> JSONValue? {
        guard let node = map["default"] else { return nil }
        if let value = value(node, type) { return value }
        findings.report(
            .defaultValue, at: node.position, "the default of `\(name)` must be \(Self.expectation(type))",
            suggestion: suggestion(node, type))
        return nil
    }

    private func value(_ node: YAMLNode, _ type: FieldType) -> JSONValue? {
        switch (type, node.content) {
        case (.bool, .scalar(.bool(let bool))): .bool(bool)
        case (.int(let min, let max), .scalar(.int(let int))), (.money(let min, let max), .scalar(.int(let int))),
            (.quantity(let min, let max), .scalar(.int(let int))):
            (min <= int && int <= max) ? .int(int) : nil
        case (.rate, .scalar(.int(let int))): FieldType.ratePPM.contains(int) ? .int(int) : nil
        case (.text(let min, let max, _, _), .scalar(.text(let text))):
            (min...max).contains(text.unicodeScalars.count) ? .string(text) : nil
        case (.enumeration(let values), .scalar(.text(let text))): values.contains(text) ? .string(text) : nil
        case (.enumerationSet(let values), .list(let nodes)): set(nodes, values)
        case (.texts(let min, let max, let itemMax), .list(let nodes)): texts(nodes, min...max, itemMax)
        case (.url, .scalar(.text(let text))), (.duration, .scalar(.text(let text))):
            try? type.normalised(.string(text))
        case (.currency, .scalar(.text(let text))): ISOCodes.currencies.contains(text) ? .string(text) : nil
        case (.country, .scalar(.text(let text))): ISOCodes.countries.contains(text) ? .string(text) : nil
        default: nil
        }
    }

    private func set(_ nodes: [YAMLNode], _ values: [String]) -> JSONValue? {
        var texts: [String] = []
        for node in nodes {
            guard case .scalar(.text(let text)) = node.content, values.contains(text), !texts.contains(text) else {
                return nil
            }
            texts.append(text)
        }
        return .array(texts.map(JSONValue.string))
    }

    private func texts(_ nodes: [YAMLNode], _ count: ClosedRange<Int>, _ itemMax: Int) -> JSONValue? {
        let texts = nodes.compactMap { node -> String? in
            guard case .scalar(.text(let text)) = node.content else { return nil }
            return (1...itemMax).contains(text.unicodeScalars.count) ? text : nil
        }
        guard texts.count == nodes.count, count.contains(texts.count) else { return nil }
        return .array(texts.map(JSONValue.string))
    }

    private func suggestion(_ node: YAMLNode, _ type: FieldType) -> String? {
        guard case .enumeration(let values) = type, case .scalar(.text(let text)) = node.content else { return nil }
        return NearestName.nearest(to: text, among: values).map { "did you mean `\($0)`?" }
    }

    private static func expectation(_ type: FieldType) -> String {
        switch type {
        case .bool: "true or false"
        case .int(let min, let max), .money(let min, let max), .quantity(let min, let max):
            "an integer from \(min) to \(max)"
        case .rate: "an integer from 0 to \(FieldType.ratePPM.upperBound)"
        case .text(let min, let max, _, _): "a text of \(min) to \(max) characters"
        case .enumeration(let values): "one of \(values.joined(separator: ", "))"
        case .enumerationSet(let values): "a list out of \(values.joined(separator: ", "))"
        case .texts(let min, let max, let itemMax): "a list of \(min) to \(max) texts of at most \(itemMax) characters"
        case .url: "a web address"
        case .duration(let min, let max):
            "a duration from \(WholeSeconds(min).iso8601) to \(WholeSeconds(max).iso8601)"
        case .currency: "a currency of ISO 4217"
        case .country: "a country of ISO 3166-1"
        default: "left out: a field of type `\(type.keyword)` has none"
        }
    }
}

extension FieldType {
    /// Ten times the whole: a tax of 1,000 % is the most that a rate says.
    package static let ratePPM: ClosedRange<Int64> = 0...10_000_000
}
