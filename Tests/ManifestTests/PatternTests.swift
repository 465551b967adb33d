import Testing

// The syntax of patterns is an implementation detail of the parser, with more cases than manifests are good for.
@testable import HostManifest

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

    @Test(arguments: [
        ("\\d{3}", "[0-9]{3}"), ("[\\d-]+", "[0-9-]+"), ("\\D*", "[^0-9]*"), ("a|(?:b|c)?", "a|(?:b|c)?"),
        ("\\(\\.\\)", "\\(\\.\\)"), ("[^A-Z]{2,}", "[^A-Z]{2,}"), ("", ""),
    ]) func `what every engine reads alike is kept, with short forms written out`(
        pattern: String, normalised: String
    ) throws {
        #expect(try PatternSyntax.normalised(pattern) == normalised)
    }

    @Test(arguments: [
        "^a", "a$", "(?=a)", "(?<n>a)", "(?i)a", "a++", "a+?", "a{256}", "a{3,2}", "a{", "{2}", "[a", "[]",
        "[[:alpha:]]",
        "[a&&b]", "[a--b]", "\\p{L}", "\\1", "\\b", "(a", "a)", "*a", "a\\", "[\\D]", "(*a)", "a|*",
    ]) func `what engines read in their own ways is refused`(pattern: String) {
        #expect(throws: PatternSyntax.Flaw.self) { try PatternSyntax.normalised(pattern) }
    }
}
