import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import TestSupport
import Testing

/// The museum of broken schemas: each is found by its rule, and the schemas as they are made have no finding.
struct CatalogueLintTests {
    @Test func `the schemas that migrations make have nothing wrong`() async throws {
        try await withMigrated { database, manifests in
            let findings = try await CatalogueLint.findings(in: database, manifests: manifests)
            #expect(findings == [])
        }
    }

    @Test(arguments: museum) func `a broken schema is found`(
        rule: LintRule, object: String, statements: [String]
    ) async throws {
        try await withMigrated { database, manifests in
            for statement in statements { _ = try await database.ask(statement) }
            let findings = try await CatalogueLint.findings(in: database, manifests: manifests)
            #expect(findings.contains { $0.rule == rule && $0.object == object }, "\(findings)")
            #expect(Set(findings.map(\.object)).count == 1, "\(findings)")
        }
    }

    @Test func `the museum has a piece for every rule`() {
        #expect(Set(Self.museum.map(\.0)) == Set(LintRule.allCases))
        let all = LintRule.allCases.map(\.explanation)
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { !$0.why.isEmpty && !$0.example.isEmpty && !$0.fix.isEmpty })
    }

    static let museum: [(LintRule, String, [String])] = [
        (.unsecuredTable, "hs.territory", ["ALTER TABLE hs.territory DISABLE ROW LEVEL SECURITY"]),
        (.unsecuredTable, "hs.territory", ["ALTER TABLE hs.territory NO FORCE ROW LEVEL SECURITY"]),
        (.missingPolicy, "hs.territory", ["DROP POLICY tenant_floor ON hs.territory"]),
        (
            .keyNotLedByBusiness, "hs.territory",
            ["ALTER TABLE hs.territory ADD CONSTRAINT name_key UNIQUE (name)"]
        ),
        (
            .openView, "hs.open_view", ["CREATE VIEW hs.open_view AS SELECT name FROM hs.territory"]
        ),
        (
            .definerFunction, "hs.everything",
            ["CREATE FUNCTION hs.everything() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"]
        ),
        (
            .volatilePolicy, "hs.territory",
            [
                "CREATE FUNCTION hs.chance() RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT random() > 2'",
                "CREATE POLICY by_chance ON hs.territory USING (hs.chance())",
            ]
        ),
        (.sortWithoutIndex, "hs.work_order", ["DROP INDEX hs.work_order_starts_at_idx"]),
        (
            .deadIndex, "hs.territory",
            ["CREATE INDEX gone ON hs.territory (business_id, name) WHERE archived_at IS NOT NULL"]
        ),
        (.inexactMoney, "hs.territory.fee_minor", ["ALTER TABLE hs.territory ADD fee_minor numeric(12, 2)"]),
        (.freeStatus, "hs.work_order", ["ALTER TABLE hs.work_order DISABLE TRIGGER work_order_status_step"]),
        (.unkeptWords, "hs.work_order", ["ALTER TABLE hs.work_order DISABLE TRIGGER work_order_words_step"]),
        (.powerfulRole, "thorbis_app", ["GRANT CREATE ON SCHEMA hs TO thorbis_app"]),
        (.tableWithoutBusiness, "hs.setting", ["CREATE TABLE hs.setting (name text)"]),
    ]

    private func withMigrated(_ test: (Database, ManifestSet) async throws -> Void) async throws {
        let place = try await TestDatabase.fresh()
        let manifests = try TestManifests.all()
        try await TestInstallation.withDatabase(place, as: .superuser) { database in
            try await Migrator(database: database, observer: SilentObserver()).migrate(manifests)
            try await test(database, manifests)
        }
    }
}
