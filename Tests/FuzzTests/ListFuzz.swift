import Foundation
import HostManifest
import HostModel
import HostSQL
import HostStorage
import TestSupport
import Testing

/// Lists' parameters and cursors: refused or read, never trapped on, and no altered cursor is taken.
struct ListFuzz {
    private static func plans() throws -> [EntityPlan] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let manifests = try ManifestSet.resolve(
            ["core", "hs"].map { name in
                let yaml = try String(contentsOf: root.appending(path: "manifests/\(name).yaml"), encoding: .utf8)
                return try ManifestParser.parse(yaml: yaml, file: "\(name).yaml", digest: "d")
            })
        return manifests.manifests.flatMap { manifest in
            manifest.entities.compactMap {
                EntityPlan(EntityReference(plugin: manifest.id, name: $0.name), in: manifests)
            }
        }
    }

    @Test func `any parameters are read or refused with a fault`() async throws {
        let plans = try Self.plans()
        try await Fuzz.run("list parameters", rounds: 5_000) { _, generator in
            let plan = try #require(plans.randomElement(using: &generator))
            let parameters = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                Self.parameter(plan, &generator)
            }
            do throws(Problem) {
                var query = try ListQuery.parse(parameters, for: plan)
                let again = try ListQuery.parse(parameters, for: plan)
                #expect(again == query)
                #expect(query.filters.count <= ListQuery.filterCountMax)
                #expect((1...ListQuery.limitMax).contains(query.limit))
                if let search = query.search {
                    query.searchPlan = SearchPlan.plan([(SearchTerm(word: search, beginnings: [search]), 1)])
                }
                let text = plan.list(query, for: .business).statement.text
                // What a client sent is in parameters alone.
                #expect(!text.contains("';--") && !text.contains("\u{202E}"))
            } catch {
                #expect(!error.faults.isEmpty, "\(parameters)")
            }
        }
    }

    private static func parameter(
        _ plan: EntityPlan, _ generator: inout SeededGenerator
    ) -> (name: String, value: String) {
        let columns =
            plan.entity.fields.map(\.column) + ["id", "created_at", "status", "archived", "custom", "version"]
        let column = columns.randomElement(using: &generator) ?? "id"
        let names = ["limit", "sort", "cursor", "q", "fields", "count", "include", "updated_since"]
        let name =
            Bool.random(using: &generator) ? "filter[\(column)]" : names.randomElement(using: &generator) ?? "limit"
        let values = [
            "50", "-created_at", "eq:1", "in:a,b", "lt:2026-01-01", "null:true", "capped", column, "gte:5",
            "2026-11-22T00:00:00Z", "prefix:x", "contains:y", "between:1,2", UUID().uuidString,
        ]
        var value = values.randomElement(using: &generator) ?? ""
        if Bool.random(using: &generator) {
            value = String(decoding: Mutation.of(Array(value.utf8), using: &generator), as: UTF8.self)
        }
        return (Int.random(in: 0..<20, using: &generator) == 0 ? Mutation.pick(&generator) : name, value)
    }

    @Test func `a cursor is taken only as it was given`() async throws {
        let seal = CursorSeal(key: Array(repeating: 9, count: 32))
        try await Fuzz.run("cursors", rounds: 3_000) { _, generator in
            let list = CursorSeal.List(business: BusinessID(UUID()), label: "hs.work_order", fingerprint: "f")
            let key = Bool.random(using: &generator) ? Mutation.pick(&generator) : nil
            let position = ListQuery.Position(key: key, id: RecordID(UUID()))
            let cursor = seal.seal(position, of: list)
            let opened = try seal.open(cursor, of: list)
            #expect(opened == position)
            let altered = String(decoding: Mutation.of(Array(cursor.utf8), using: &generator), as: UTF8.self)
            guard altered != cursor else { return }
            do throws(Problem) {
                // Base64url has spellings of its last character that mean the same bytes.
                let opened = try seal.open(altered, of: list)
                #expect(opened == position, "\(altered)")
                #expect(altered.utf8.count == cursor.utf8.count)
            } catch {
                #expect(error.code == .invalidCursor)
            }
        }
    }
}
