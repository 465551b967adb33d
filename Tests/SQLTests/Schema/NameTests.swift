import HostManifest
import HostModel
import HostSQL
import Testing

struct NameTests {
    /// Two indexes whose names differ only after PostgreSQL would have cut them.
    private static let entities = """
          rather_long_winded_thing:
            route: things
            feature: shop
            fields:
              a_long_winded_field_name_1: {type: text, max: 10, unique: true}
              a_long_winded_field_name_2: {type: text, max: 10, unique: true}
              a_long_winded_field_name_3: {type: text, max: 10}
            indexes:
              - [a_long_winded_field_name_1, a_long_winded_field_name_2]
              - [a_long_winded_field_name_1, a_long_winded_field_name_3]
            sorts: [created_at]
        """

    @Test func `long names are shortened and stay apart`() throws {
        let set = try Manifests.shop(Self.entities)
        let manifest = try #require(set.manifests.first)
        let text = SchemaDDL.statements(for: manifest, in: set).joined(separator: ";\n")
        let names = text.split(separator: "CONSTRAINT \"").dropFirst().compactMap { $0.split(separator: "\"").first }
        let indexes = text.split(separator: "INDEX \"").dropFirst().compactMap { $0.split(separator: "\"").first }
        #expect((names + indexes).allSatisfy { $0.utf8.count <= 63 })
        #expect(Set(names + indexes).count == names.count + indexes.count)
    }

    @Test func `every constraint names its field`() throws {
        let set = try Manifests.shop(Self.entities)
        let manifest = try #require(set.manifests.first)
        let table = RecordTable(try #require(manifest.entities.first), of: manifest.id)
        let text = SchemaDDL.statements(for: manifest, in: set).joined()
        for name in text.split(separator: "CONSTRAINT \"").dropFirst().compactMap({ $0.split(separator: "\"").first })
        where !name.contains("business_id") {
            #expect(ConstraintCatalogue(table)[String(name)] != nil, "\(name) is unknown")
        }
    }
}
