import HostModel

/// Reads the fields of an entity, an input, an output or a payload.
struct FieldReader {
    let plugin: PluginID
    let findings: Findings
    /// Lists of objects stand in inputs and outputs only, and never inside each other.
    let allowsLists: Bool

    /// Integers that every JSON reader keeps exactly, those that use doubles included.
    static let exactIntegers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991
    static let textMax = 100_000
    static let listMax: Int64 = 1_000
    static let textsItemMax: Int64 = 10_000

    func fields(_ members: [YAMLMember]) -> [Field] {
        members.compactMap(field)
    }

    private func field(_ member: YAMLMember) -> Field? {
        let name = member.key
        findings.check(name, .field, at: member.position, "the field")
        let keys = ManifestGrammar.field
        guard let map = MapReader(member.value, "the field `\(name)`", keys: keys, findings: findings),
            let type = type(map, name)
        else { return nil }
        if type.keyword == "ref" || type.keyword == "file", name.hasSuffix("_id") {
            findings.report(
                .name, at: member.position,
                "the \(type.keyword == "ref" ? "reference" : "file") `\(name)` must not end in `_id`; its column does",
                suggestion: "write `\(name.dropLast(3))`")
        }
        let isRequired = map.bool("required") ?? false
        let defaultValue = DefaultReader(findings: findings).value(map, name, type)
        if isRequired, defaultValue != nil {
            findings.report(
                .defaultValue, at: map.position("default"), "the field `\(name)` is required and has a default",
                suggestion: "leave one of them out")
        }
        return Field(
            name: name, type: type, isRequired: isRequired, defaultValue: defaultValue,
            isReadOnly: map.bool("readOnly") ?? false, isUnique: map.bool("unique") ?? false,
            isSearched: map.bool("search") ?? false, isSensitive: map.bool("sensitive") ?? false,
            isCounter: map.bool("counter") ?? false)
    }

    private func type(_ map: MapReader, _ name: String) -> FieldType? {
        guard let keyword = map.requiredText("type") else { return nil }
        guard let own = ManifestGrammar.fieldOfType.first(where: { $0.type == keyword })?.keys else {
            let position = map["type"]?.position ?? map.node.position
            let known = ManifestGrammar.fieldOfType.map(\.type)
            findings.reportUnknown(.unknownWord, at: position, "the type", keyword, known: known)
            return nil
        }
        for key in ManifestGrammar.field where map[key] != nil {
            guard !own.contains(key), !ManifestGrammar.fieldOfAnyType.contains(key) else { continue }
            findings.report(
                .keyNotForType, at: map.position(key), "a field of type `\(keyword)` has no `\(key)`",
                suggestion: own.isEmpty ? nil : "its keys are \(own.map { "`\($0)`" }.joined(separator: ", "))")
        }
        return type(keyword, map, name)
    }

    private func type(_ keyword: String, _ map: MapReader, _ name: String) -> FieldType? {
        switch keyword {
        case "text": text(map)
        case "texts": texts(map)
        case "url": .url
        case "email": .email
        case "phone": .phone
        case "bool": .bool
        case "int": range(map).map { .int(min: $0.lowerBound, max: $0.upperBound) }
        case "money": range(map).map { .money(min: $0.lowerBound, max: $0.upperBound) }
        case "quantity": range(map).map { .quantity(min: $0.lowerBound, max: $0.upperBound) }
        case "rate": .rate
        case "enum": values(map).map(FieldType.enumeration)
        case "enums": values(map).map(FieldType.enumerationSet)
        case "date": .date
        case "timestamp": .timestamp
        case "duration": duration(map)
        case "period": .period(isOpen: map.bool("open") ?? false)
        case "geo": .geo
        case "file": .file
        case "timezone": .timeZone
        case "uuid": .uuid
        case "json": json(map)
        case "currency": .currency
        case "country": .country
        case "ref": map.requiredText("to").flatMap { reference($0, map) }
        case "sequence": prefix(map)
        default: list(map, name)
        }
    }

    private func text(_ map: MapReader) -> FieldType? {
        guard map.required("max") != nil, let max = map.int("max") else { return nil }
        let min = map.int("min") ?? 0
        guard 0 <= min, min <= max, 1...Int64(Self.textMax) ~= max else {
            findings.report(
                .bounds, at: map.position("max"),
                "\(map.what) needs 0 <= min <= max and 1 <= max <= \(Self.textMax); this is \(min) to \(max)")
            return nil
        }
        return .text(
            min: Int(min), max: Int(max), pattern: pattern(map), isCaseless: map.bool("caseless") ?? false)
    }

    private func texts(_ map: MapReader) -> FieldType? {
        guard map.required("max") != nil, let max = map.int("max"), map.required("itemMax") != nil,
            let itemMax = map.int("itemMax")
        else { return nil }
        let min = map.int("min") ?? 0
        guard 0 <= min, min <= max, 1...Self.listMax ~= max, 1...Self.textsItemMax ~= itemMax else {
            findings.report(
                .bounds, at: map.position("max"),
                "\(map.what) needs 0 <= min <= max, 1 <= max <= \(Self.listMax) and "
                    + "1 <= itemMax <= \(Self.textsItemMax); this is \(min) to \(max) of \(itemMax)")
            return nil
        }
        return .texts(min: Int(min), max: Int(max), itemMax: Int(itemMax))
    }

    /// `min` and `max` are durations too: `PT15M`.
    private func duration(_ map: MapReader) -> FieldType? {
        var ends: [Int64] = []
        for (key, standard) in [("min", WholeSeconds.bounds.lowerBound), ("max", WholeSeconds.bounds.upperBound)] {
            guard map[key] != nil else {
                ends.append(standard)
                continue
            }
            guard let text = map.text(key) else { return nil }
            guard let end = WholeSeconds(iso8601: text), WholeSeconds.bounds.contains(end.seconds) else {
                findings.report(
                    .bounds, at: map.position(key), "`\(key)` of \(map.what) must be a duration such as `PT15M`",
                    suggestion: "write weeks, days, hours, minutes and seconds; years and months have no length")
                return nil
            }
            ends.append(end.seconds)
        }
        guard ends[0] <= ends[1] else {
            findings.report(.bounds, at: map.position("min"), "\(map.what) needs min <= max")
            return nil
        }
        return .duration(min: ends[0], max: ends[1])
    }

    private func json(_ map: MapReader) -> FieldType? {
        guard let schema = map["schema"] else { return .json }
        return JSONShapeReader(findings: findings).shape(of: schema, "`schema` of \(map.what)").map(
            FieldType.shapedJSON)
    }

    /// The pattern with its short forms written out, so that every engine reads the same.
    private func pattern(_ map: MapReader) -> String? {
        guard let pattern = map.text("pattern") else { return nil }
        do {
            let normalised = try PatternSyntax.normalised(pattern)
            if CompiledPattern.compiles(normalised) { return normalised }
            reportPattern(pattern, "it is no regular expression", map)
        } catch {
            reportPattern(pattern, error.message, map)
        }
        return nil
    }

    private func reportPattern(_ pattern: String, _ reason: String, _ map: MapReader) {
        findings.report(
            .bounds, at: map.position("pattern"), "the pattern `\(pattern)` can't be used: \(reason)",
            suggestion: "write one over the whole text, such as `[A-Z]{3}-[0-9]+`")
    }

    private func range(_ map: MapReader) -> ClosedRange<Int64>? {
        let min = map.int("min") ?? Self.exactIntegers.lowerBound
        let max = map.int("max") ?? Self.exactIntegers.upperBound
        guard min <= max, Self.exactIntegers.contains(min), Self.exactIntegers.contains(max) else {
            findings.report(
                .bounds, at: map.position(map["min"] == nil ? "max" : "min"),
                "\(map.what) needs min <= max, both within ±\(Self.exactIntegers.upperBound); this is \(min) to \(max)")
            return nil
        }
        return min...max
    }

    private func values(_ map: MapReader) -> [String]? {
        guard map.required("values") != nil, let values = map.texts("values") else { return nil }
        let position = map.position("values")
        for value in values { findings.check(value, .word, at: position, "the value") }
        if Set(values).count != values.count || values.isEmpty {
            findings.report(.duplicateName, at: position, "\(map.what) needs values, each of them once")
            return nil
        }
        return values
    }

    private func reference(_ text: String, _ map: MapReader) -> FieldType? {
        findings.reference(text, at: map["to"]?.position ?? map.node.position).map(FieldType.reference)
    }

    private func prefix(_ map: MapReader) -> FieldType? {
        guard let prefix = map.requiredText("prefix") else { return nil }
        let isPlain = prefix.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x2D }
        guard isPlain, (1...12).contains(prefix.utf8.count) else {
            findings.report(
                .sequence, at: map.position("prefix"),
                "the prefix `\(prefix)` must be 1 to 12 capital letters, digits and hyphens, such as `WO-`")
            return nil
        }
        return .sequence(prefix: prefix, hasGaps: map.bool("gaps") ?? false)
    }

    private func list(_ map: MapReader, _ name: String) -> FieldType? {
        guard allowsLists else {
            findings.report(
                .shape, at: map.position("type"), "the list `\(name)` can stand in an operation's input or output only",
                suggestion: "make it an entity with a `parent`")
            return nil
        }
        guard map.required("items") != nil, map.required("max") != nil, let max = map.int("max") else { return nil }
        guard 1...Self.listMax ~= max else {
            findings.report(
                .bounds, at: map.position("max"), "the list `\(name)` needs 1 <= max <= \(Self.listMax); this is \(max)"
            )
            return nil
        }
        let inner = FieldReader(plugin: plugin, findings: findings, allowsLists: false)
        return .list(of: inner.fields(map.entries("items")), max: Int(max))
    }
}

extension Findings {
    /// Reports a name that doesn't have its form.
    func check(_ name: String, _ rule: NameRule, at position: SourcePosition, _ what: String) {
        if !rule.allows(name) {
            report(.name, at: position, "\(what) `\(name)` must be \(rule.form)")
        }
    }

    /// Reads `plugin.entity`.
    func reference(_ text: String, at position: SourcePosition) -> EntityReference? {
        let reference = EntityReference(text)
        if reference == nil {
            report(
                .shape, at: position, "`\(text)` must be a plugin and an entity",
                suggestion: "write it like `core.party`")
        }
        return reference
    }
}
