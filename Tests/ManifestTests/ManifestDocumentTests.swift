import Foundation
import Testing

// The grammar is an implementation detail of the parser that authors see only through the documents.
@testable import HostManifest

/// `docs/PLUGINS.md` has a table for every map of the manifest, with the keys that the parser knows, and no others.
struct ManifestDocumentTests {
    @Test func `every map of the grammar has a table with its keys, and there are no other tables`() throws {
        let tables = try DocumentTable.all(in: "docs/PLUGINS.md").filter { $0.heading.hasPrefix("key of ") }
        var documented: [String: [String]] = [:]
        for table in tables { documented[table.name, default: []] += table.keys }
        var expected = Dictionary(uniqueKeysWithValues: ManifestGrammar.maps.map { ($0.name, $0.keys) })
        // The keys of single types stand in the table of types.
        expected["field"] = ManifestGrammar.fieldOfAnyType
        #expect(Set(documented.keys) == Set(expected.keys))
        for (name, keys) in expected {
            #expect(documented[name]?.sorted() == keys.sorted(), "the table `key of \(name)`")
        }
    }

    @Test func `the table of types has every type with its keys`() throws {
        let table = try #require(
            try DocumentTable.all(in: "docs/PLUGINS.md").first {
                $0.heading == "type" && $0.columns.contains("its keys")
            })
        let documented = table.rows.map { row in
            "\(DocumentTable.words(row[0])): \(DocumentTable.words(row[1]).sorted())"
        }
        let expected = ManifestGrammar.fieldOfType.map { "\([$0.type]): \($0.keys.sorted())" }
        #expect(documented.sorted() == expected.sorted())
    }
}

/// A table of a Markdown document.
private struct DocumentTable {
    let columns: [String]
    let rows: [[String]]

    /// The first cell of the head row.
    var heading: String { columns.first ?? "" }
    /// The word in back-ticks of the heading: `entity` of "key of `entity`".
    var name: String { Self.words(heading).first ?? "" }
    /// The words in back-ticks of the first column.
    var keys: [String] { rows.flatMap { Self.words($0.first ?? "") } }

    static func all(in path: String) throws -> [DocumentTable] {
        let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let blocks = lines.split { !$0.hasPrefix("|") }
        return blocks.filter { $0.count > 2 }.map { block in
            let rows = block.map(cells)
            return DocumentTable(columns: rows[0], rows: Array(rows.dropFirst(2)))
        }
    }

    /// `` `min`, `max` (must): `core.party` `` → `min`, `max`: what stands behind a colon is an example.
    static func words(_ cell: String) -> [String] {
        let named = cell.split(separator: ":").first.map(String.init) ?? ""
        return named.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func cells(_ line: String) -> [String] {
        line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
