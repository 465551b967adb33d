import Foundation
import HostPlugins
import Testing

/// Every bad plugin is refused by its rule, and the documents say the same.
struct MuseumTests {
    @Test(arguments: Museum.pieces)
    func `a bad plugin is refused by its rule`(piece: Piece) async throws {
        let refusal = try await #require(throws: PluginRefusal.self) { try await piece.load() }
        #expect(refusal.rule == piece.rule, "\(refusal)")
        #expect(piece.says.isEmpty || refusal.message.contains(piece.says), "\(refusal)")
        #expect(!refusal.hint.isEmpty)
        // What the retroactive piece would have changed for the whole process.
        #expect((1 as Any) as? any Error == nil)
    }

    @Test func `every rule has a piece, or a test elsewhere`() throws {
        let built = Set(Museum.pieces.map(\.rule))
        #expect(built.isDisjoint(with: Museum.elsewhere.keys))
        #expect(built.union(Museum.elsewhere.keys) == Set(PluginRule.all.map(\.id)))
        for (rule, suite) in Museum.elsewhere {
            #expect(try Self.suite(suite).contains("\"\(rule)\""), "\(suite) doesn't ask for \(rule)")
        }
    }

    @Test func `the table of the documents is this one`() throws {
        let rows = try Self.rows(after: "| piece | rule |")
        #expect(rows.map { "\($0[0]) \($0[1])" } == Museum.pieces.map { "\($0.title) \($0.rule)" })
        let elsewhere = try Self.rows(after: "| rule | why there is no piece | tested in |")
        #expect(
            elsewhere.flatMap { row in row[0].split(separator: ", ").map(String.init) }
                == Museum.elsewhere.keys.sorted())
        for row in elsewhere {
            for rule in row[0].split(separator: ", ") { #expect(row[2] == "`\(Museum.elsewhere[String(rule)] ?? "")`") }
        }
    }

    @Test func `every harm of the misbehaving plugin is in the documents`() throws {
        let source = try String(
            contentsOf: Repository.root.appending(path: "Tests/Fixtures/Plugins/Misbehaving.swift"), encoding: .utf8)
        let harms = source.matches(of: /case "(\w+)":/).map { String($0.output.1) }.filter { $0 != "behave" }
        #expect(harms.count > 10)
        let told = try Self.rows(after: "| harm while it serves | operation | what becomes of it |")
            .flatMap { row in row[1].matches(of: /`(\w+)`/).map { String($0.output.1) } }
        #expect(Set(told) == Set(harms))
    }

    /// The cells of the table that begins with a line of docs/PLUGINS.md.
    private static func rows(after head: String) throws -> [[String]] {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/PLUGINS.md"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == head }, "docs/PLUGINS.md has no table \(head)")
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The source that has a suite of this folder.
    private static func suite(_ name: String) throws -> String {
        let folder = Repository.root.appending(path: "Tests/PluginsTests")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            if text.contains("struct \(name) {") { return text }
        }
        Issue.record("there is no suite \(name)")
        return ""
    }
}
