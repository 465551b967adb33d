package import HostSQL

/// Where the schema of one plugin stands, and what is left to do: for the operator's commands.
package struct MigrationOutlook: Sendable {
    package let plugin: String
    /// Of the manifest.
    package let version: String
    /// Nil for a plugin that has nothing yet, or whose first migration isn't done.
    package let appliedVersion: String?
    package let appliedDigest: String?
    /// The schema is ready for this very manifest; only contract steps can be left.
    package let isCurrent: Bool
    package let plan: MigrationPlan
    /// With those of the rows that are in the way.
    package let refusals: [MigrationRefusal]
    /// What the manifest asks for and no schema may have: nothing is migrated with one of these.
    package let findings: [WantedLint.Finding]
    package let running: Running?

    /// A step that was begun and not ended, by a process that still works on it or was killed.
    package struct Running: Sendable {
        package let summary: String
        /// The last business that a backfill is done with.
        package let position: String?
        package let since: String
    }
}
