/// Sensitive fields are of types that can be sealed, and nothing asks the database about their values.
struct SensitiveChecks {
    let manifest: Manifest
    let entity: Entity
    let findings: Findings

    func run() {
        let sensitive = entity.fields.filter(\.isSensitive)
        guard !sensitive.isEmpty else { return }
        for field in sensitive {
            check(field)
            checkUses(of: field.name)
            checkEvents(of: field.name)
        }
    }

    private func check(_ field: Field) {
        let path = ["entities", entity.name, "fields", field.name]
        if !field.type.canBeSealed {
            report(path + ["sensitive"], "a field of type `\(field.type.keyword)` can't be sensitive")
        }
        for (key, isThere) in [
            ("unique", field.isUnique), ("search", field.isSearched), ("default", field.defaultValue != nil),
        ] where isThere {
            report(path + [key], "the sensitive field `\(field.name)` can't have `\(key)`")
        }
    }

    private func checkUses(of name: String) {
        let lists = [
            ("sorts", entity.sorts), ("indexes", entity.indexes.flatMap { $0 }),
            ("unique", entity.unique.flatMap(\.columns)),
        ]
        for (key, names) in lists where names.contains(name) {
            report(["entities", entity.name, key], "`\(key)` can't name the sensitive field `\(name)`")
        }
    }

    /// The outbox keeps what an event carries, in plain.
    private func checkEvents(of name: String) {
        for transition in entity.states?.transitions ?? [] {
            guard let event = manifest.publishes.first(where: { $0.name == transition.emits }),
                event.payload.contains(where: { $0.name == name })
            else { continue }
            report(
                ["events", "publishes", event.name],
                "the event `\(event.name)` of a transition can't carry the sensitive field `\(name)`")
        }
    }

    private func report(_ path: [String], _ message: String) {
        findings.report(.sensitive, in: path, message)
    }
}

extension FieldType {
    /// Whether values can be kept sealed: texts and documents, which nothing computes with.
    var canBeSealed: Bool {
        switch self {
        case .text, .url, .email, .phone, .json, .shapedJSON: true
        default: false
        }
    }
}
