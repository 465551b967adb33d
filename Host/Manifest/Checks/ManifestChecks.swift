import HostModel

/// The rules between the parts of one manifest whose shape is right.
struct ManifestChecks {
    let manifest: Manifest
    let findings: Findings

    func run() {
        checkPluginAPI()
        for entity in manifest.entities {
            EntityChecks(manifest: manifest, entity: entity, findings: findings).run()
        }
        for operation in manifest.operations {
            OperationChecks(manifest: manifest, operation: operation, findings: findings).run()
        }
        RouteChecks(manifest: manifest, findings: findings).run()
        AccessChecks(manifest: manifest, findings: findings).run()
        EventChecks(manifest: manifest, findings: findings).run()
    }

    /// A range over two majors would promise to live with an interface that isn't written yet.
    private func checkPluginAPI() {
        let range = manifest.pluginAPI
        let next = SemanticVersion(major: range.lower.major + 1, minor: 0, patch: 0)
        if range.upper > next {
            findings.report(
                .version, in: ["pluginAPI"], "the range `\(range)` spans more than one major version",
                suggestion: "end it at <\(next.major).0")
        }
    }
}

extension Findings {
    func checkFeature(_ feature: String?, in path: [String], of manifest: Manifest) {
        guard let feature, manifest.feature(feature) == nil else { return }
        reportUnknown(.unknownFeature, in: path, "the feature", feature, known: manifest.features.map(\.name))
    }

    /// References to this plugin's entities must resolve, those to others must go to a required plugin.
    func checkReferences(_ fields: [Field], in path: [String], of manifest: Manifest) {
        for field in fields {
            switch field.type {
            case .reference(let reference): checkReference(reference, in: path + [field.name, "to"], of: manifest)
            case .list(let fields, _): checkReferences(fields, in: path + [field.name, "items"], of: manifest)
            default: break
            }
        }
    }

    func checkReference(_ reference: EntityReference, in path: [String], of manifest: Manifest) {
        if reference.plugin == manifest.id {
            guard manifest.entity(reference.name) == nil else { return }
            reportUnknown(
                .unknownEntity, in: path, "the entity", reference.description,
                known: manifest.entities.map { "\(manifest.id).\($0.name)" })
        } else if !manifest.requires.contains(where: { $0.plugin == reference.plugin }) {
            report(
                .undeclaredRequirement, in: path, "`\(reference)` belongs to a plugin that `requires` doesn't name",
                suggestion: "add `\(reference.plugin)` to `requires`")
        }
    }

    /// Two fields may not share a column, and none may take a base column or a name of the generated code.
    func checkNames(_ fields: [Field], in path: [String], taken: [String]) {
        var columns = Set<String>()
        for field in fields {
            let isReserved = [field.name, field.column].contains(where: taken.contains)
            if isReserved || ManifestGrammar.generatedNames.contains(field.name) {
                report(.reservedName, in: path + [field.name], "the name `\(field.name)` is reserved")
            }
            if !columns.insert(field.column).inserted {
                report(
                    .duplicateName, in: path + [field.name], "two fields have the column `\(field.column)`")
            }
        }
    }
}
