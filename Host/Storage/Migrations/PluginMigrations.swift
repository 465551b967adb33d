import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// Makes the schema of each plugin once, from its manifest.
struct PluginMigrations: Sendable {
    let database: Database
    let observer: any Observer

    /// What was made of a plugin before.
    private struct Applied {
        let version: String
        let digest: String
        let checksum: String
    }

    /// Makes the plugin's tables, or checks that those there are the ones that the manifest asks for.
    ///
    /// - Throws: ``MigrationError`` when they aren't.
    func apply(_ manifest: Manifest, in set: ManifestSet) async throws {
        let statements = SchemaDDL.statements(for: manifest, in: set)
        let checksum = SchemaChecksum.hexadecimal(of: statements)
        let wasMade = try await database.transaction(deadline: Migrator.deadline) { transaction in
            _ = try await transaction.execute([Migrator.lock, PlatformRoles.actAsOwner])
            let applied = try await applied(manifest.id, transaction)
            if let applied, applied.checksum != checksum { throw differs(manifest, applied) }
            if applied == nil { try await transaction.execute(each: statements) }
            if applied?.digest != manifest.digest || applied?.version != manifest.version.description {
                try await record(manifest, checksum, transaction)
            }
            return applied == nil
        }
        if wasMade {
            observer.observe(.migrated(schema: manifest.id.description, step: manifest.version.description))
        }
    }

    private func applied(_ plugin: PluginID, _ transaction: DatabaseTransaction) async throws -> Applied? {
        let text = "SELECT version, manifest_digest, ddl_checksum FROM thorbis.plugin_schema WHERE plugin = $1"
        let rows = try await transaction.execute(SQLCommand(Migrator.statement(text), [plugin.description]))
        guard rows.count == 1, let version = rows.text(0, 0), let digest = rows.text(0, 1),
            let checksum = rows.text(0, 2)
        else { return nil }
        return Applied(version: version, digest: digest, checksum: checksum)
    }

    private func record(_ manifest: Manifest, _ checksum: String, _ transaction: DatabaseTransaction) async throws {
        let text = """
            INSERT INTO thorbis.plugin_schema (plugin, version, manifest_digest, ddl_checksum) VALUES ($1, $2, $3, $4)
            ON CONFLICT (plugin) DO UPDATE SET version = excluded.version, manifest_digest = excluded.manifest_digest
            """
        let parameters = [manifest.id.description, manifest.version.description, manifest.digest, checksum]
        _ = try await transaction.execute(SQLCommand(Migrator.statement(text), parameters))
    }

    private func differs(_ manifest: Manifest, _ applied: Applied) -> MigrationError {
        MigrationError(
            .pluginSchemaDiffers,
            "The manifest of \(manifest.id) \(manifest.version) asks for other tables than those made for version "
                + "\(applied.version). Tables with data aren't changed by this release: load the manifest of "
                + "\(applied.version), or start with an empty database.")
    }
}
