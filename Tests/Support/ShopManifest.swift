import Foundation

/// The manifests of a small shop that changes, as the files of `Tests/Fixtures/Migrations` say: the entities of before
/// and, after a line `# after`, those of now.
package enum ShopManifest {
    private static let head = """
        apiVersion: thorbis.dev/v1
        id: shop
        name: Shop
        version: 1.0.0
        pluginAPI: ">=1.0 <2.0"
        features:
          shop: {tier: starter, title: Shop}
        entities:

        """

    /// The YAML of both.
    package static func texts(_ fixture: String) throws -> (before: String, after: String) {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: tests.appending(path: "Fixtures/Migrations/\(fixture).yaml"), encoding: .utf8)
        let halves = text.components(separatedBy: "# after\n")
        return (head + halves[0], head + halves[1])
    }
}
