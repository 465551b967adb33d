/// Reads `was:` of entities and of their fields.
struct FormerNameReader {
    let findings: Findings

    /// - Parameter map: The manifest.
    func names(_ map: MapReader) -> FormerNames {
        let entities = map.entries("entities")
        var names = FormerNames()
        names.entities = hints(entities, .entity, "entity")
        for entity in entities {
            guard case .map(let members)? = entity.value["fields"]?.content else { continue }
            let fields = hints(members, .field, "field")
            if !fields.isEmpty { names.fields[entity.key] = fields }
        }
        refuseOfInputs(map)
        return names
    }

    /// The hints of one map, each checked against the names that are there.
    private func hints(_ members: [YAMLMember], _ rule: NameRule, _ what: String) -> [String: String] {
        let present = Set(members.map(\.key))
        var hints: [String: String] = [:]
        for member in members {
            guard let was = member.value.member("was") else { continue }
            guard case .scalar(.text(let name)) = was.value.content, rule.allows(name) else {
                findings.report(
                    .formerName, at: was.position, "`was` of the \(what) `\(member.key)` must be \(rule.form)")
                continue
            }
            if present.contains(name) {
                findings.report(
                    .formerName, at: was.position,
                    "the \(what) `\(name)` is still there, so `\(member.key)` was something else")
            } else if hints.values.contains(name) {
                findings.report(.formerName, at: was.position, "two of them say that they were the \(what) `\(name)`")
            } else {
                hints[member.key] = name
            }
        }
        return hints
    }

    /// An input has no table behind it.
    private func refuseOfInputs(_ map: MapReader) {
        for operation in map.entries("operations") {
            for key in ["input", "output"] {
                guard case .map(let fields)? = operation.value[key]?.content else { continue }
                for field in fields {
                    guard let was = field.value.member("was") else { continue }
                    findings.report(
                        .formerName, at: was.position, "the \(key) `\(field.key)` has no column that was called so")
                }
            }
        }
    }
}
