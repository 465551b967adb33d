import HostModel

/// The rules of one entity.
struct EntityChecks {
    let manifest: Manifest
    let entity: Entity
    let findings: Findings

    func run() {
        let path = ["entities", entity.name]
        findings.checkFeature(entity.feature, in: path + ["feature"], of: manifest)
        findings.checkReferences(entity.fields, in: path + ["fields"], of: manifest)
        findings.checkNames(entity.fields, in: path + ["fields"], taken: takenNames)
        if SwiftName.taken.contains(SwiftName.type(entity.name)) {
            findings.report(
                .reservedName, in: path, "the generated type of `\(entity.name)` would hide one of PluginAPI")
        }
        checkParent()
        LineChecks(manifest: manifest, entity: entity, findings: findings).run()
        checkFields()
        checkIncludes()
        SensitiveChecks(manifest: manifest, entity: entity, findings: findings).run()
        checkConstraintNames()
        if let states = entity.states {
            StateMachineChecks(manifest: manifest, entity: entity, states: states, findings: findings).run()
        }
    }

    private var takenNames: [String] {
        var taken = ManifestGrammar.baseColumns
        if let states = entity.states {
            taken.append(states.field)
            if states.hasLabels { taken += [StateMachine.labelColumn, "label"] }
        }
        if let parent = entity.parent { taken += [parent.entity, parent.entity + "_id"] }
        return taken + manifest.children(of: entity).compactMap { $0.parent?.member }
    }

    private func checkParent() {
        guard let parent = entity.parent else { return }
        let path = ["entities", entity.name, "parent"]
        guard let above = manifest.entity(parent.entity) else {
            return findings.reportUnknown(
                .unknownEntity, in: path + ["entity"], "the parent", parent.entity, known: manifest.entities.map(\.name)
            )
        }
        if above.parent != nil {
            findings.report(
                .unknownEntity, in: path, "the parent `\(parent.entity)` is itself a child; one level is the most")
        }
        let siblings = manifest.children(of: above).filter { $0.parent?.member == parent.member }
        if siblings.count > 1, siblings.first?.name != entity.name {
            findings.report(
                .duplicateName, in: path + ["member"], "`\(parent.entity)` has two members `\(parent.member)`")
        }
    }

    private func checkIncludes() {
        let path = ["entities", entity.name, "include"]
        let members = manifest.children(of: entity).compactMap { $0.parent?.member }
        let references = entity.fields.filter { if case .reference = $0.type { true } else { false } }.map(\.name)
        for name in entity.includes where !(references + members).contains(name) {
            findings.reportUnknown(
                .unknownField, in: path, "the reference or member", name, known: references + members)
        }
        if Set(entity.includes).count != entity.includes.count {
            findings.report(.duplicateName, in: path, "`include` of `\(entity.name)` names something twice")
        }
    }

    private func checkFields() {
        let isCreatedByRoute = manifest.isCreatedByRoute(entity)
        for field in entity.fields {
            let path = ["entities", entity.name, "fields", field.name]
            if case .sequence = field.type, !field.isReadOnly {
                findings.report(
                    .sequence, in: path,
                    "the sequence `\(field.name)` must be `readOnly: true`: the host gives the numbers")
            }
            let isGiven = field.type.keyword == "sequence" || entity.numbers(field)
            if isCreatedByRoute, field.isRequired, field.isReadOnly, !isGiven {
                findings.report(
                    .unwritableField, in: path,
                    "`\(field.name)` is required and read-only, but `\(entity.name)` is created by its route",
                    suggestion: "set `writable: operations`, or let an operation replace `\(entity.name).create`")
            }
            if field.isSearched, !field.type.isText {
                findings.report(.keyNotForType, in: path + ["search"], "only texts can be searched")
            }
        }
    }

    /// PostgreSQL cuts names at 63 bytes, and a cut name can't be mapped back to its fields.
    private func checkConstraintNames() {
        for unique in entity.unique {
            let name = ([entity.name] + unique.columns + ["key"]).joined(separator: "_")
            if name.utf8.count > 63 {
                findings.report(
                    .nameTooLong, in: ["entities", entity.name, "unique"],
                    "the constraint `\(name)` has a name of more than 63 bytes", suggestion: "use shorter names")
            }
        }
        let columns = entity.unique.map(\.columns)
        for list in Set(columns).sorted(by: { $0.joined() < $1.joined() })
        where columns.count(where: { $0 == list }) > 1 {
            findings.report(
                .duplicateName, in: ["entities", entity.name, "unique"],
                "two rules are about the same fields: \(list.joined(separator: ", "))")
        }
        let ids = entity.checks.map(\.id)
        for id in Set(ids).sorted() where ids.filter({ $0 == id }).count > 1 {
            findings.report(.duplicateName, in: ["entities", entity.name, "checks"], "two checks are called `\(id)`")
        }
    }
}

extension Manifest {
    /// Whether records are made by the generated route, and no operation stands in its place.
    package func isCreatedByRoute(_ entity: Entity) -> Bool {
        entity.writing == .routes && !operations.contains { $0.replacesCreateOf == entity.name }
    }

    /// The entities whose records are lines of that entity's.
    package func children(of entity: Entity) -> [Entity] {
        entities.filter { $0.parent?.entity == entity.name }
    }
}

extension FieldType {
    var isText: Bool {
        switch self {
        case .text, .url, .email, .phone, .sequence: true
        default: false
        }
    }
}
