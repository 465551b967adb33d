package import HostManifest
import HostModel

/// What would be wrong with the schemas that manifests ask for, before anything of them is made. Pure: the rules are
/// those of ``SchemaLint``, the facts come from the wanted models.
package enum WantedLint {
    /// Something that a manifest can't ask for, at its line.
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package let finding: LintFinding
        /// The plugin.
        package let plugin: String
        /// `manifests/hs.yaml:12:7`.
        package let place: String

        package var rule: LintRule { finding.rule }

        package var description: String {
            "\(place): \(finding.rule.rawValue): \(finding.object): \(finding.message)\n"
                + "    \(finding.rule.explanation.fix)"
        }
    }

    /// Everything that is wrong, by rule and then by name.
    package static func findings(_ manifests: ManifestSet) -> [Finding] {
        let models = manifests.manifests.map { SchemaModel($0, in: manifests) }
        return SchemaLint(CatalogueFacts(models), manifests: manifests).findings.map { finding in
            let plugin = finding.object.prefix { $0 != "." }
            let manifest = manifests.manifests.first { $0.id.description == plugin }
            return Finding(
                finding: finding, plugin: String(plugin), place: manifest.map { place(of: finding, in: $0) } ?? "")
        }
    }

    /// Where the manifest says what the finding is about, or as near as the file goes.
    private static func place(of finding: LintFinding, in manifest: Manifest) -> String {
        let parts = finding.object.split(separator: ".").dropFirst().map(String.init)
        guard let name = parts.first, let entity = manifest.entity(name) else { return manifest.places.file }
        let path = ["entities", name]
        if parts.count > 1, let field = entity.fields.first(where: { $0.column == parts[1] }) {
            return manifest.places[path + ["fields", field.name]]
        }
        switch finding.rule {
        case .sortWithoutIndex: return manifest.places[path + ["sorts"]]
        case .deadIndex, .keyNotLedByBusiness: return manifest.places[path + ["unique"]]
        case .freeStatus: return manifest.places[path + ["states"]]
        default: return manifest.places[path]
        }
    }
}
