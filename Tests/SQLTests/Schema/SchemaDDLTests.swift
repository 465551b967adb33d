import HostManifest
import HostModel
import HostSQL
import Testing

struct SchemaDDLTests {
    @Test(arguments: ["core", "hs"])
    func `a manifest gives the committed schema`(plugin: String) throws {
        let set = try Manifests.committed()
        let id = try #require(PluginID(plugin))
        let manifest = try #require(set[id])
        let text = SchemaDDL.statements(for: manifest, in: set).map { $0 + ";\n" }.joined()
        try GoldenFile(name: "\(plugin).schema.sql").expect(text)
    }

    @Test(arguments: ["core", "hs"])
    func `every table has forced row-level security and both policies`(plugin: String) throws {
        let set = try Manifests.committed()
        let id = try #require(PluginID(plugin))
        let manifest = try #require(set[id])
        let statements = SchemaDDL.statements(for: manifest, in: set)
        for entity in manifest.entities {
            let table = "\"\(plugin)\".\"\(entity.name)\""
            #expect(statements.contains("ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY"))
            #expect(statements.contains("ALTER TABLE \(table) FORCE ROW LEVEL SECURITY"))
            #expect(statements.count { $0.hasPrefix("CREATE POLICY") && $0.contains(" ON \(table) AS ") } == 2)
        }
    }

    @Test func `only lines may be deleted`() throws {
        let set = try Manifests.committed()
        for manifest in set.manifests {
            for grant in SchemaDDL.statements(for: manifest, in: set)
            where grant.hasPrefix("GRANT") && grant.contains("DELETE ON") {
                #expect(["_line\"", "\"allocation\"", "\"price_list_item\""].contains { grant.contains($0) })
            }
        }
    }

    @Test func `no right is granted to everybody`() throws {
        let set = try Manifests.committed()
        for manifest in set.manifests {
            let statements = SchemaDDL.statements(for: manifest, in: set)
            #expect(!statements.contains { $0.hasPrefix("GRANT") && $0.contains("PUBLIC") })
        }
    }
}
