import HostModel

/// Reads one entity. Lists of field names become lists of columns here.
struct EntityReader {
    let plugin: PluginID
    let findings: Findings

    func entity(_ member: YAMLMember) -> Entity? {
        let name = member.key
        findings.check(name, .entity, at: member.position, "the entity")
        guard
            let map = MapReader(member.value, "the entity `\(name)`", keys: ManifestGrammar.entity, findings: findings)
        else { return nil }
        let route = map.requiredText("route") ?? ""
        if !route.isEmpty { findings.check(route, .route, at: map.position("route"), "the route") }
        _ = map.required("fields")
        let reader = FieldReader(plugin: plugin, findings: findings, allowsLists: false)
        let fields = reader.fields(map.entries("fields"))
        let parent = parent(map)
        let states = map["states"].flatMap {
            StateMachineReader(findings: findings, fields: fields, parent: parent).machine($0, of: name)
        }
        let columns = ColumnNames(fields: fields, parent: parent, status: states?.field)
        let expressionColumns = ExpressionColumns(fields: fields, parent: parent, states: states)
        let expressions = ExpressionReader(columns: expressionColumns, findings: findings)
        let rules = RuleReader(columns: expressionColumns, findings: findings)
        let exclusions = rules.exclusions(map)
        return Entity(
            name: name, route: route, feature: map.text("feature"), writing: writing(map),
            isArchivable: map.bool("archivable") ?? false, parent: parent, fields: fields,
            checks: CheckListReader(expressions: expressions).checks(map, "checks", "check")
                + exclusions.compactMap(\.range),
            unique: rules.unique(map), exclusions: exclusions.map(\.exclusion),
            indexes: columnLists(map, "indexes", columns), sorts: sorts(map, columns), states: states,
            includes: map.texts("include") ?? [])
    }

    private func writing(_ map: MapReader) -> Entity.Writing {
        map.word("writable", as: Entity.Writing.self) ?? .routes
    }

    private func parent(_ map: MapReader) -> Entity.Parent? {
        guard let node = map["parent"],
            let parent = MapReader(
                node, "`parent` of \(map.what)", keys: ManifestGrammar.parent, findings: findings),
            let entity = parent.requiredText("entity"), let member = parent.requiredText("member")
        else { return nil }
        findings.check(member, .field, at: parent.position("member"), "the member")
        return Entity.Parent(entity: entity, member: member, written: together(parent))
    }

    private enum Written: String, CaseIterable { case withParent = "with_parent" }

    private func together(_ parent: MapReader) -> Entity.Parent.Together? {
        guard parent.word("written", as: Written.self) != nil else {
            for key in ["max", "statuses"] where parent[key] != nil && parent["written"] == nil {
                findings.report(
                    .lines, at: parent.position(key), "`\(key)` of \(parent.what) is for lines with `written`",
                    suggestion: "add `written: with_parent`")
            }
            return nil
        }
        guard parent.required("max") != nil, let max = parent.int("max") else { return nil }
        if !(1...Int64(Entity.Parent.Together.countMax)).contains(max) {
            findings.report(
                .bounds, at: parent.position("max"),
                "`max` of \(parent.what) must be 1 to \(Entity.Parent.Together.countMax)")
        }
        return Entity.Parent.Together(max: Int(clamping: max), statuses: parent.texts("statuses"))
    }

    /// `[[status, due_date], [source]]`
    private func columnLists(_ map: MapReader, _ key: String, _ columns: ColumnNames) -> [[String]] {
        (map.list(key) ?? []).compactMap { node in
            guard case .list(let names) = node.content, !names.isEmpty else {
                findings.report(
                    .shape, at: node.position, "`\(key)` of \(map.what) must be a list of lists of fields",
                    suggestion: "write it like [[party], [status, due_date]]")
                return nil
            }
            return names.compactMap { columns.column($0, findings: findings) }
        }
    }

    private func sorts(_ map: MapReader, _ columns: ColumnNames) -> [String] {
        let named = (map.list("sorts") ?? []).compactMap { columns.column($0, findings: findings) }
        return named.contains("created_at") ? named : ["created_at"] + named
    }
}

/// The columns of an entity by the names that the manifest uses for them.
struct ColumnNames {
    private let columns: [String: String]

    init(fields: [Field], parent: Entity.Parent?, status: String?) {
        var columns: [String: String] = ["created_at": "created_at", "updated_at": "updated_at"]
        columns["external_id"] = "external_id"
        for field in fields { columns[field.name] = field.column }
        if let parent { columns[parent.entity] = parent.entity + "_id" }
        if let status { columns[status] = status }
        self.columns = columns
    }

    subscript(name: String) -> String? { columns[name] }

    /// Reads a field's name; one that the entity doesn't have is reported.
    func column(_ node: YAMLNode, findings: Findings) -> String? {
        guard case .scalar(.text(let name)) = node.content else {
            findings.report(.shape, at: node.position, "a field's name belongs here; this is \(node.kind)")
            return nil
        }
        if let column = columns[name] { return column }
        reportUnknown(name, at: node.position, findings: findings)
        return nil
    }

    func reportUnknown(_ name: String, at position: SourcePosition, findings: Findings) {
        findings.reportUnknown(.unknownField, at: position, "the field", name, known: columns.keys.sorted())
    }
}
