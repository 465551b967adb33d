import HostModel

/// Reads one operation.
struct OperationReader {
    let plugin: PluginID
    let findings: Findings

    func operation(_ member: YAMLMember) -> Operation? {
        let name = member.key
        findings.check(name, .operation, at: member.position, "the operation")
        let what = "the operation `\(name)`"
        guard let map = MapReader(member.value, what, keys: ManifestGrammar.operation, findings: findings) else {
            return nil
        }
        let route = map.text("route").flatMap { self.route($0, map) }
        let fields = FieldReader(plugin: plugin, findings: findings, allowsLists: true)
        return Operation(
            name: name, route: route, replacesCreateOf: map.text("replaces").flatMap { self.replaced($0, map) },
            input: input(fields.fields(map.entries("input")), route, map), output: output(map, fields),
            errors: errors(map), permission: map.text("permission"), feature: map.text("feature"),
            effects: effects(map), limits: limits(map))
    }

    /// `POST /work-orders/{id}/actions/complete`
    private func route(_ text: String, _ map: MapReader) -> Operation.Route? {
        let position = map["route"]?.position ?? map.node.position
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        guard parts.count == 2, methods.contains(parts[0]), parts[1].hasPrefix("/") else {
            findings.report(
                .route, at: position, "`\(text)` must be a method and a path",
                suggestion: "write it like `POST /work-orders/{id}/actions/complete`")
            return nil
        }
        let segments = parts[1].dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.allSatisfy({ $0 == "{id}" || NameRule.route.allows($0) }), segments.first != "{id}",
            segments.filter({ $0 == "{id}" }).count <= 1
        else {
            findings.report(
                .route, at: position,
                "the path `\(parts[1])` must be words in lower kebab case and at most one `{id}`, which isn't the first"
            )
            return nil
        }
        return Operation.Route(method: parts[0], path: parts[1])
    }

    /// `work_order.create`; the only verb so far is `create`.
    private func replaced(_ text: String, _ map: MapReader) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, parts[1] == "create" { return parts[0] }
        findings.report(
            .shape, at: map["replaces"]?.position ?? map.node.position, "`\(text)` must be an entity's `create`",
            suggestion: "write it like `work_order.create`")
        return nil
    }

    /// A path with `{id}` gives the input the field `id`, first.
    private func input(_ fields: [Field], _ route: Operation.Route?, _ map: MapReader) -> [Field] {
        for name in ["id", "version"] where fields.contains(where: { $0.name == name }) {
            findings.report(
                .reservedName, at: map["input"]?.member(name)?.position ?? map.node.position,
                "the input field `\(name)` comes from the path or from If-Match and can't be declared")
        }
        guard let route, route.path.contains("{id}") else { return fields }
        let id = Field(name: "id", type: .uuid, isRequired: true)
        return [id] + fields.filter { $0.name != "id" }
    }

    /// An entity's name, or a map of fields.
    private func output(_ map: MapReader, _ fields: FieldReader) -> Operation.Output {
        guard let node = map["output"] else { return .nothing }
        if case .map = node.content { return .fields(fields.fields(map.entries("output"))) }
        return map.text("output").map(Operation.Output.entity) ?? .nothing
    }

    private func errors(_ map: MapReader) -> [String] {
        let errors = map.texts("errors") ?? []
        for error in errors { findings.check(error, .word, at: map.position("errors"), "the error code") }
        return errors
    }

    private func effects(_ map: MapReader) -> Operation.Effects {
        _ = map.required("effects")
        return map.word("effects", as: Operation.Effects.self) ?? .write
    }

    private func limits(_ map: MapReader) -> Operation.Limits {
        guard let node = map["limits"],
            let limits = MapReader(
                node, "`limits` of \(map.what)", keys: ManifestGrammar.operationLimits, findings: findings)
        else { return .standard }
        let standard = Operation.Limits.standard
        return Operation.Limits(
            timeout: limits.amount("timeout", units: ["ms": 1, "s": 1_000], within: 1...60_000)
                .map { .milliseconds($0) } ?? standard.timeout,
            rowsMax: limits.amount("rows", units: ["": 1], within: 1...100_000) ?? standard.rowsMax,
            bodyBytesMax: limits.amount("body", units: ["KiB": 1_024, "MiB": 1_048_576], within: 1...8_388_608)
                ?? standard.bodyBytesMax)
    }
}

extension MapReader {
    /// A number with a unit, such as `2s` or `64KiB`, in the smallest unit.
    func amount(_ key: String, units: [String: Int], within range: ClosedRange<Int>) -> Int? {
        guard let node = self[key] else { return nil }
        let text: String
        switch node.content {
        case .scalar(.int(let int)): text = "\(int)"
        case .scalar(.text(let written)): text = written
        default: text = ""
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] {
            let (amount, overflow) = number.multipliedReportingOverflow(by: unit)
            if !overflow, range.contains(amount) { return amount }
        }
        let forms = units.keys.sorted().map { "`1\($0)`" }.joined(separator: " or ")
        findings.report(
            .bounds, at: node.position,
            "`\(key)` of \(what) must be written like \(forms), from \(range.lowerBound) to \(range.upperBound) in all")
        return nil
    }
}
