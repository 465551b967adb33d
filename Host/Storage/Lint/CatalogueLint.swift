package import HostManifest
import HostModel
package import HostPostgres
package import HostSQL

/// Checks the schemas of a live database. Any role may: only the catalogue is read.
package enum CatalogueLint {
    /// Everything that is wrong with the plugins' and the platform's schemas.
    package static func findings(in database: Database, manifests: ManifestSet) async throws -> [LintFinding] {
        let command = SQLCommand(SQLStatement(name: nil, text: CatalogueFacts.statement), [])
        let rows = try await database.run(DatabaseUnit([command], deadline: .seconds(30)))[0]
        let document = try JSONParser.parse(rows.bytes(0, 0) ?? [])
        return SchemaLint(CatalogueFacts(document), manifests: manifests).findings
    }
}
