package import HostManifest
import HostModel

/// Everything a plugin's manifest asks of a database that has nothing of it yet.
///
/// Run in order, in one transaction, by the owner role. All tables come before the references between them, so the
/// entities of a manifest may refer to each other in any order.
package enum SchemaDDL {
    /// The role that requests run as; it owns nothing and row-level security binds it.
    package static let role = "thorbis_app"

    /// The statements that create the schema of a manifest.
    ///
    /// - Parameters:
    ///   - manifest: The plugin.
    ///   - set: The manifests around it; the schemas of those it requires exist already.
    package static func statements(for manifest: Manifest, in set: ManifestSet) -> [String] {
        let schema = SQLName.quoted(manifest.id.description)
        let tables = manifest.entities.map { RecordTable($0, of: manifest.id) }
        return ["CREATE SCHEMA \(schema)", "GRANT USAGE ON SCHEMA \(schema) TO \(role)"]
            + TriggerDDL.functions(in: manifest.id)
            + tables.map { TableDDL($0).create }
            + tables.flatMap { TableDDL($0).references }
            + tables.flatMap { IndexDDL($0).statements }
            + tables.flatMap { TriggerDDL($0).statements }
            + tables.flatMap { AccessDDL($0).statements }
    }
}
