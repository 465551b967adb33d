package import HostManifest
package import HostModel
import HostPostgres
package import HostSQL

/// Whether the tables let a version of a plugin serve beside another one, or be gone back to.
package struct RolloutAdmission: Sendable {
    private let migrator: Migrator

    /// - Parameter migrator: On a database that has the platform.
    package init(_ migrator: Migrator) {
        self.migrator = migrator
    }

    /// Why a candidate can't be tried beside the version in service; nil when it can.
    ///
    /// To be asked before its migration: what that renames is away for the version in service at once.
    ///
    /// - Parameter set: The manifests with the candidate among them.
    /// - Throws: ``MigrationError`` for a database that this host can't tell anything about.
    package func problem(ofCandidate plugin: PluginID, in set: ManifestSet) async throws -> String? {
        guard let outlook = try await outlook(plugin, set) else { return nil }
        if let finding = outlook.findings.first { return finding.description }
        if let refusal = outlook.refusals.first { return refusal.description }
        return Self.problem(ofCandidate: outlook.plan)
    }

    /// Why the version in service can't be replaced by an earlier one at once; nil when it can.
    ///
    /// - Parameter set: The manifests with the earlier version among them.
    /// - Throws: As ``problem(ofCandidate:in:)``.
    package func problem(ofWayBackTo plugin: PluginID, in set: ManifestSet) async throws -> String? {
        guard let outlook = try await outlook(plugin, set) else { return nil }
        if let refusal = outlook.refusals.first { return refusal.description }
        return Self.problem(ofWayBack: outlook.plan)
    }

    private func outlook(_ plugin: PluginID, _ set: ManifestSet) async throws -> MigrationOutlook? {
        try await migrator.outlook(set).first { $0.plugin == plugin.description }
    }

    // MARK: Pure

    /// - Parameter plan: From what is there to the candidate.
    package static func problem(ofCandidate plan: MigrationPlan) -> String? {
        if let refusal = plan.refusals.first { return refusal.description }
        guard let rename = plan.steps.first(where: \.isRename) else { return nil }
        return "its migration would \(rename.summary), and the version in service asks for the name of before: add the "
            + "new name in one version, and leave the old one out in a later one."
    }

    /// - Parameter plan: From what is there to the earlier version.
    package static func problem(ofWayBack plan: MigrationPlan) -> String? {
        if let refusal = plan.refusals.first { return refusal.description }
        let steps = plan.steps.filter { $0.phase != .contract && !$0.statements.isEmpty }
        guard let first = steps.first else { return nil }
        let more = steps.count > 1 ? " and \(steps.count - 1) more" : ""
        return "the tables aren't as that version needs them any more; the way back would \(first.summary)\(more). "
            + "Roll a version out that fits the tables as they are."
    }
}

extension MigrationStep {
    /// Whether statements of a version before it fail after it. Names of ours have no capitals.
    fileprivate var isRename: Bool { statements.contains { $0.hasPrefix("ALTER TABLE ") && $0.contains(" RENAME ") } }
}
