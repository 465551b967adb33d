import Foundation
import HostManifest
import HostModel
import Testing

/// Each file of `Tests/Fixtures/Manifests` is wrong in one way and says, in comments at its end, what is found.
struct DiagnosticsTests {
    @Test(arguments: try fixtures()) func `a wrong manifest gives the findings that it names`(file: String) throws {
        let text = try Repository.text("\(Self.folder)/\(file)")
        let expected = text.split(separator: "\n").filter { $0.hasPrefix("# ") }.map { String($0.dropFirst(2)) }
        let invalid = try #require(throws: InvalidManifest.self) {
            try ManifestParser.parse(yaml: text, file: file, digest: String(repeating: "0", count: 64))
        }
        #expect(invalid.diagnostics.map(\.description) == expected)
    }

    @Test func `every rule explains itself`() {
        let all = ManifestRule.allCases.map(\.explanation)
        #expect(Set(all).count == all.count)
        #expect(Set(ManifestRule.allCases.map(\.rawValue)).count == all.count)
        #expect(all.allSatisfy { !$0.why.isEmpty && !$0.example.isEmpty && !$0.fix.isEmpty })
    }

    private static let folder = "Tests/Fixtures/Manifests"

    private static func fixtures() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Repository.root.appending(path: folder).path()).sorted()
    }
}
