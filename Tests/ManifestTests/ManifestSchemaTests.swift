import HostModel
import Testing

// The grammar is an implementation detail of the parser that editors see only through the schema, so it isn't package.
@testable import HostManifest

/// `manifests/manifest.schema.json` serves editors; it must know the keys that the parser knows, and no others.
struct ManifestSchemaTests {
    @Test(arguments: ManifestGrammar.maps.filter { $0.name != "manifest" })
    func `a definition has the keys of the grammar`(name: String, keys: [String]) throws {
        let properties = try #require(try schema()["$defs"]?[name]?["properties"]?.object)
        #expect(properties.names.sorted() == keys.sorted())
    }

    @Test func `the top level has the keys of the grammar`() throws {
        let properties = try #require(try schema()["properties"]?.object)
        #expect(properties.names.sorted() == ManifestGrammar.manifest.sorted())
    }

    @Test func `the types of fields are those of the grammar`() throws {
        let types = try schema()["$defs"]?["field"]?["properties"]?["type"]?["enum"]?.array
        #expect(types?.compactMap(\.string) == ManifestGrammar.fieldOfType.map(\.type))
    }

    private func schema() throws -> JSONValue {
        try JSONParser.parse(Array(try Repository.text("manifests/manifest.schema.json").utf8))
    }
}
