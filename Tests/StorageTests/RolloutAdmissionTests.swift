import HostManifest
import HostModel
import HostPostgres
import HostStorage
import Testing

/// Whether the tables let two versions serve side by side.
struct RolloutAdmissionTests {
    private func problem(
        _ shop: ChangingShop, _ ask: (RolloutAdmission, PluginID) async throws -> String?
    ) async throws -> String? {
        var problem: String?
        let plugin = try #require(PluginID("shop"))
        try await shop.asAdministrator { database in
            let admission = RolloutAdmission(Migrator(database: database, observer: SilentObserver()))
            problem = try await ask(admission, plugin)
        }
        return problem
    }

    @Test(arguments: ["add_field", "add_entity", "remove_field", "add_sort", "other_default", "longer_text"])
    func `a candidate that adds or leaves out is let in, before and after its migration`(fixture: String) async throws {
        let shop = try await ChangingShop.make(fixture)
        #expect(try await problem(shop) { try await $0.problem(ofCandidate: $1, in: shop.after) } == nil)
        try await shop.migrate()
        #expect(try await problem(shop) { try await $0.problem(ofCandidate: $1, in: shop.after) } == nil)
    }

    @Test(arguments: ["rename_entity", "rename_and_widen", "rename_searched"])
    func `a candidate that renames is refused, since the version in service asks for the name of before`(
        fixture: String
    ) async throws {
        let shop = try await ChangingShop.make(fixture)
        let problem = try #require(
            try await problem(shop) { try await $0.problem(ofCandidate: $1, in: shop.after) })
        #expect(problem.contains("would rename "), "\(problem)")
        #expect(problem.contains("in a later one"))
    }

    @Test func `a candidate whose migration is refused is refused`() async throws {
        let shop = try await ChangingShop.make("other_type")
        #expect(
            try await problem(shop) { try await $0.problem(ofCandidate: $1, in: shop.after) }?.contains("TD2002")
                == true)
    }

    @Test(arguments: ["add_field", "add_entity", "remove_field", "longer_text"])
    func `the way back is open while nothing was taken away`(fixture: String) async throws {
        let shop = try await ChangingShop.make(fixture)
        try await shop.migrate()
        #expect(try await problem(shop) { try await $0.problem(ofWayBackTo: $1, in: shop.before) } == nil)
    }

    @Test func `the way back is shut once the contract phase took a column away`() async throws {
        let shop = try await ChangingShop.make("remove_field")
        try await shop.migrate(SchemaChangeTests.contracting)
        let problem = try await problem(shop) { try await $0.problem(ofWayBackTo: $1, in: shop.before) }
        #expect(problem != nil)
    }
}
