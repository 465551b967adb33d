import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// What is known of a plugin's schema in this database.
struct AppliedSchema: Sendable {
    let version: String
    /// Of the manifest whose expand and backfill phases are done.
    let digest: String
    let checksum: String
    /// The model of what is there, as canonical JSON; nil in a database of a release that kept none.
    let model: String?

    static func read(_ plugin: PluginID, _ transaction: DatabaseTransaction) async throws -> AppliedSchema? {
        let text = "SELECT version, manifest_digest, ddl_checksum, model FROM thorbis.plugin_schema WHERE plugin = $1"
        let rows = try await transaction.execute(SQLCommand(Migrator.statement(text), [plugin.description]))
        guard rows.count == 1, let version = rows.text(0, 0), let digest = rows.text(0, 1),
            let checksum = rows.text(0, 2)
        else { return nil }
        return AppliedSchema(version: version, digest: digest, checksum: checksum, model: rows.text(0, 3))
    }

    /// Notes what is there now, the version that it is for left as it is.
    static func keep(_ model: String, of plugin: String) -> SQLCommand {
        let text = """
            INSERT INTO thorbis.plugin_schema (plugin, version, manifest_digest, ddl_checksum, model)
            VALUES ($1, '', '', '', $2) ON CONFLICT (plugin) DO UPDATE SET model = excluded.model
            """
        return SQLCommand(Migrator.statement(text), [plugin, model])
    }

    /// Notes that the schema is ready for a manifest.
    static func finish(_ manifest: Manifest, checksum: String) -> SQLCommand {
        let text = """
            UPDATE thorbis.plugin_schema SET version = $2, manifest_digest = $3, ddl_checksum = $4,
                applied_at = now() WHERE plugin = $1
            """
        return SQLCommand(
            Migrator.statement(text),
            [manifest.id.description, manifest.version.description, manifest.digest, checksum])
    }
}
