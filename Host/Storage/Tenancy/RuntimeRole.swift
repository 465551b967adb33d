package import HostModel
package import HostPostgres

/// The role that the host serves requests as: row-level security must bind it.
package enum RuntimeRole {
    private static let statement = SQLStatement(
        name: nil,
        text: """
            SELECT current_user, rolsuper, rolbypassrls, pg_has_role(current_user, 'thorbis_owner', 'MEMBER')
            FROM pg_roles WHERE rolname = current_user
            """)

    /// Looks at the role that a database is connected as.
    ///
    /// - Throws: A problem that says what the role may too much; `unavailable` when the database doesn't answer, or
    ///   has no platform in it yet.
    package static func check(_ database: Database) async throws(Problem) {
        let rows: Rows
        do {
            rows = try await database.run(DatabaseUnit([SQLCommand(statement, [])], deadline: .seconds(5)))[0]
        } catch {
            throw Problem(.unavailable, "The database isn't migrated; run `thorbis db migrate` first.")
        }
        let powers = ["is a superuser", "may bypass row-level security", "may act as the owner of the tables"]
        for (column, power) in powers.enumerated() where rows.text(0, column + 1) == "t" {
            throw Problem(
                .forbidden,
                "The role \(rows.text(0, 0) ?? "") \(power), so that businesses would not be kept apart. "
                    + "Give the address of thorbis_app.")
        }
    }
}
