import Foundation
import HostManifest
import HostModel
import HostSQL
import Testing

/// Each file of `Tests/Fixtures/Migrations` has the entities of before and, after a line `# after`, those of now.
struct MigrationPlanTests {
    @Test(arguments: try cases()) func `two manifests give the committed plan`(name: String) throws {
        let (before, after) = try Self.manifests(name)
        let applied = SchemaModel(try #require(before.manifests.first), in: before)
        let plan = MigrationPlan(from: applied, to: try #require(after.manifests.first), in: after)
        try GoldenFile(name: "plans/\(name).txt").expect(plan.text(showsSQL: true) + "\n")
    }

    @Test(arguments: try cases()) func `after any step the rest of the plan is the same`(name: String) throws {
        let (before, after) = try Self.manifests(name)
        let manifest = try #require(after.manifests.first)
        let plan = MigrationPlan(
            from: SchemaModel(try #require(before.manifests.first), in: before), to: manifest, in: after)
        guard plan.refusals.isEmpty else { return }
        for (number, step) in plan.steps.enumerated() {
            let stored = try #require(SchemaModel(json: try JSONParser.parse(step.after.json.utf8)))
            #expect(stored == step.after)
            let rest = MigrationPlan(from: stored, to: manifest, in: after)
            #expect(rest.refusals.isEmpty)
            // Filling what is filled already changes nothing, and is the one thing that is done again.
            let due = plan.steps.dropFirst(number + 1).drop { $0.summary.hasPrefix("fill ") }
            let left = rest.steps.drop { $0.summary.hasPrefix("fill ") }
            #expect(left.map(\.summary) == due.map(\.summary))
            #expect(left.map(\.statements) == due.map(\.statements))
        }
    }

    @Test(arguments: ["core", "hs"]) func `the same manifest gives nothing to do`(plugin: String) throws {
        let set = try Manifests.committed()
        let id = try #require(PluginID(plugin))
        let manifest = try #require(set[id])
        let model = SchemaModel(manifest, in: set)
        let stored = try #require(SchemaModel(json: try JSONParser.parse(model.json.utf8)))
        #expect(stored == model)
        #expect(MigrationPlan(from: stored, to: manifest, in: set).text(showsSQL: true) == "nothing to do")
    }

    @Test func `a plugin without tables gets all of them`() throws {
        let set = try Manifests.committed()
        let manifest = try #require(set.manifests.first)
        let plan = MigrationPlan(from: nil, to: manifest, in: set)
        #expect(plan.steps.map(\.statements) == [SchemaDDL.statements(for: manifest, in: set)])
    }

    @Test func `every rule explains itself`() {
        let all = MigrationRule.allCases.map(\.explanation)
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { !$0.why.isEmpty && !$0.example.isEmpty && !$0.fix.isEmpty })
    }

    private static let folder = Manifests.root.appending(path: "Tests/Fixtures/Migrations")

    private static func cases() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted().map { String($0.dropLast(5)) }
    }

    private static func manifests(_ name: String) throws -> (before: ManifestSet, after: ManifestSet) {
        let text = try String(contentsOf: folder.appending(path: name + ".yaml"), encoding: .utf8)
        let halves = text.components(separatedBy: "# after\n")
        return (try Manifests.shop(halves[0]), try Manifests.shop(halves[1]))
    }
}
