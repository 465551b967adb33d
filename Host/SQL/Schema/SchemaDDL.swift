package import HostManifest
import HostModel

/// Everything a plugin's manifest asks of a database that has nothing of it yet.
///
/// Run in order, in one transaction, by the owner role. ``SchemaModel`` says what there is; this is its text.
package enum SchemaDDL {
    /// The role that requests run as; it owns nothing and row-level security binds it.
    package static let role = "thorbis_app"

    /// The statements that create the schema of a manifest.
    ///
    /// - Parameters:
    ///   - manifest: The plugin.
    ///   - set: The manifests around it; the schemas of those it requires exist already.
    package static func statements(for manifest: Manifest, in set: ManifestSet) -> [String] {
        SchemaModel(manifest, in: set).create
    }
}
