import HostSQL

/// Why the schemas of this database can't be brought to where this host needs them.
package struct MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Open-ended: switch with a default.
    package struct Code: Hashable, Sendable {
        package let description: String

        /// An applied step isn't the one that this host knows: it was edited, or the database is another product's.
        package static let checksumDiffers = Code(description: "checksum_differs")
        /// The database has steps that this host doesn't know: it is older than the database.
        package static let databaseIsNewer = Code(description: "database_is_newer")
        /// A plugin's manifest asks for other tables than those that are there.
        package static let pluginSchemaDiffers = Code(description: "plugin_schema_differs")
        /// A change that would lose or strand records.
        package static let refused = Code(description: "refused")
        /// Somebody held a table for longer than the migration waits.
        package static let tableHeld = Code(description: "table_held")
        /// Another process migrated at the same time, past the lock.
        package static let changedMeanwhile = Code(description: "changed_meanwhile")
    }

    package let code: Code
    /// What is wrong and what to do, for the operator.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Nil for no findings.
    init?(findings: [WantedLint.Finding]) {
        guard !findings.isEmpty else { return nil }
        self.init(.refused, "\n" + findings.map(\.description).joined(separator: "\n"))
    }

    /// Nil for no refusals.
    init?(refusals: [MigrationRefusal]) {
        guard !refusals.isEmpty else { return nil }
        self.init(.refused, "\n" + refusals.map(\.description).joined(separator: "\n"))
    }
}
