import HostManifest
import Testing

struct PatternTests {
    private static func manifest(_ pattern: String) -> String {
        """
        apiVersion: thorbis.dev/v1
        id: sample
        name: Sample
        version: 1.0.0
        pluginAPI: ">=1.0 <2.0"
        features:
          all: {tier: starter, title: All}
        entities:
          part:
            route: parts
            feature: all
            fields:
              code: {type: text, required: true, max: 20, pattern: '\(pattern)'}
        """
    }

    private static func parse(_ pattern: String) throws(InvalidManifest) -> Manifest {
        try ManifestParser.parse(yaml: manifest(pattern), file: "sample.yaml", digest: "")
    }

    @Test func `a pattern that is no regular expression is a diagnostic`() throws {
        let invalid = try #require(throws: InvalidManifest.self) { try Self.parse("[A-Z") }
        #expect(invalid.diagnostics.map(\.rule) == [.bounds])
    }

    @Test func `a regular expression is kept as it is written`() throws {
        let field = try #require(try Self.parse("[A-Z]{3}").entities.first?.field("code"))
        #expect(field.type == .text(min: 0, max: 20, pattern: "[A-Z]{3}"))
    }
}
