import HostManifest
import HostModel
import HostPostgres
import TestSupport
import Testing

/// The host checks a text's pattern before the database does; what it lets through must be what the row takes.
struct PatternAgreementTests {
    private static let patterns = [
        "[A-Z]{3}-[0-9]+", "\\d{2,4}", "[^a-z\\s]*", "(?:a|bc)+x?", "\\w+@\\w+\\.com", "[\\]\\[\\-\\\\]+", ".*",
        "\\W\\S\\D",
        "a|b|", "\\+\\(\\)\\.\\*\\?", "[ -~]*", "\\t\\n",
    ]
    private static let texts = [
        "", "ABC-12", "ABC-", "1234", "٣٤", "12345", "abc", "A B", "abca", "bcx", "x@y.com", "é@y.com", "]-\\", "[",
        " é ", "b",
        "+().*?", "a\nb", "\t\n", "abc-12\n", "?!x",
    ]

    @Test func `the host and PostgreSQL agree on every pattern and text`() async throws {
        let place = try await TestDatabase.fresh()
        try await TestInstallation.withDatabase(place, as: .owner) { database in
            for pattern in Self.patterns {
                let manifest = try Self.manifest(pattern)
                let field = try #require(manifest.entities[0].field("code"))
                guard case .text(_, _, let written?, _) = field.type else {
                    throw Problem(.internalError, "no pattern")
                }
                for text in Self.texts where pattern != ".*" || !text.contains("\n") {
                    let isAccepted = (try? InputValidator.create([field], JSONObject(["code": .string(text)]))) != nil
                    let rows = try await database.ask("SELECT $1::text ~ $2", [text, "^(?:\(written))$"])
                    #expect((rows.texts == ["t"]) == isAccepted, "\(pattern) on \(text.debugDescription)")
                }
            }
        }
    }

    private static func manifest(_ pattern: String) throws -> Manifest {
        let quoted = pattern.replacing("'", with: "''")
        return try ManifestParser.parse(
            yaml: """
                apiVersion: thorbis.dev/v1
                id: sample
                name: Sample
                version: 1.0.0
                pluginAPI: ">=1.0 <2.0"
                entities:
                  part:
                    route: parts
                    fields:
                      code: {type: text, max: 20, pattern: '\(quoted)'}
                """, file: "sample.yaml", digest: "")
    }
}
