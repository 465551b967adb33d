import HostManifest
import HostModel
import HostPostgres

/// Lets the checking role read a plugin's tables, and sees to it that each invariant reads nothing else.
struct InvariantFence: Sendable {
    let database: Database

    /// Tries every invariant of a manifest with the rights on the plugin's own and its required schemas alone.
    ///
    /// - Throws: ``MigrationError`` with the first one that PostgreSQL refuses, and its place in the manifest.
    func prove(_ manifest: Manifest) async throws {
        for invariant in manifest.invariants {
            do {
                try await database.transaction(deadline: .seconds(30)) { transaction in
                    try await transaction.execute(each: narrowing(manifest))
                    _ = try await transaction.execute([
                        InvariantRunner.actAsChecker, Self.command("EXPLAIN SELECT FROM (\(invariant.sql)) found"),
                    ])
                    throw Proven()
                }
            } catch is Proven {
                continue
            } catch let error as DatabaseError where error.code == .refused {
                throw MigrationError(
                    .refused,
                    "\(manifest.places[["invariants", invariant.name]]): the invariant `\(invariant.name)` can't be "
                        + "run: \(error.detail). It may read the tables of \(allowed(manifest).joined(separator: ", "))"
                )
            }
        }
        try await open(manifest)
    }

    /// Ends the transaction with nothing kept: the rights were taken away for the proof only.
    private struct Proven: Error {}

    private func allowed(_ manifest: Manifest) -> [String] {
        [manifest.id.description] + manifest.requires.map(\.plugin.description)
    }

    private func narrowing(_ manifest: Manifest) -> [String] {
        let list = allowed(manifest).map { "'\($0)'" }.joined(separator: ", ")
        let others = """
            DO $$ DECLARE other text; BEGIN
                FOR other IN SELECT nspname FROM pg_catalog.pg_namespace
                    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', \(list))
                    AND has_schema_privilege('thorbis_check', oid, 'USAGE')
                    AND pg_has_role('thorbis_owner', nspowner, 'MEMBER') LOOP
                    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM thorbis_check', other);
                END LOOP;
            END $$
            """
        return ["SET LOCAL ROLE thorbis_owner", others] + allowed(manifest).flatMap(Self.grants) + ["RESET ROLE"]
    }

    private func open(_ manifest: Manifest) async throws {
        guard !manifest.invariants.isEmpty else { return }
        try await database.transaction(deadline: .seconds(30)) { transaction in
            _ = try await transaction.execute(PlatformRoles.actAsOwner)
            try await transaction.execute(each: allowed(manifest).flatMap(Self.grants))
        }
    }

    private static func grants(_ schema: String) -> [String] {
        [
            "GRANT USAGE ON SCHEMA \"\(schema)\" TO thorbis_check",
            "GRANT SELECT ON ALL TABLES IN SCHEMA \"\(schema)\" TO thorbis_check",
        ]
    }

    private static func command(_ text: String) -> SQLCommand {
        SQLCommand(SQLStatement(name: nil, text: text), [])
    }
}
