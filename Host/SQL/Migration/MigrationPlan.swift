package import HostManifest

/// How to get from the schema that is there to the one that a manifest asks for. Pure: the same two give the same plan.
package struct MigrationPlan: Hashable, Sendable {
    /// The plugin.
    package let schema: String
    /// In order: expand, backfill, contract. Each builds on the one before. None where something is refused.
    package let steps: [MigrationStep]
    /// Why none of it may be run; empty for a plan that can be.
    package let refusals: [MigrationRefusal]
    /// What must not be in the tables; asked before the first step.
    package let probes: [MigrationProbe]

    package func steps(of phase: MigrationStep.Phase) -> [MigrationStep] { steps.filter { $0.phase == phase } }

    /// - Parameters:
    ///   - applied: What is there; nil for a plugin that has nothing yet.
    ///   - manifest: What is wanted, with the names of before and the places in the file.
    ///   - set: The manifests around it.
    package init(from applied: SchemaModel?, to manifest: Manifest, in set: ManifestSet) {
        let wanted = SchemaModel(manifest, in: set)
        schema = wanted.schema
        guard let applied else {
            let create = MigrationStep(
                phase: .expand, summary: "create schema \(wanted.schema) with \(wanted.tables.count) tables",
                action: .statements(wanted.create), after: wanted)
            (steps, refusals, probes) = ([create], [], [])
            return
        }
        var difference = SchemaDifference(from: applied, to: wanted, manifest: manifest)
        difference.run()
        refusals = difference.refusals
        (steps, probes) = refusals.isEmpty ? (difference.steps, difference.probes) : ([], [])
    }
}

/// A change that isn't made, and what to do instead.
package struct MigrationRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package let rule: MigrationRule
    /// `manifests/hs.yaml:12:7`.
    package let place: String
    package let message: String
    package let wayOut: String

    package init(rule: MigrationRule, place: String, message: String, wayOut: String) {
        self.rule = rule
        self.place = place
        self.message = message
        self.wayOut = wayOut
    }

    package var description: String { "\(place): \(rule.rawValue): \(message)\n    \(wayOut)" }
}

/// Rows that a change would strand: with one of them there, the change is refused.
package struct MigrationProbe: Hashable, Sendable {
    package let table: String
    /// Over a row of the table.
    package let condition: String
    package let refusal: MigrationRefusal

    /// Of one business: `$1`.
    package var statement: String {
        "SELECT EXISTS (SELECT FROM \(table) WHERE business_id = $1::uuid AND (\(condition)))"
    }
}
