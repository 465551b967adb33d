import HostJobs
import HostManifest
import HostModel
import HostStorage
import TestSupport
import Testing

/// What bounds an import by the tier, and what is looked at when it is over.
struct ImportEndTests {
    private static func file(rows: Int) -> String {
        "display_name\n" + (1...rows).map { "Row \($0)\n" }.joined()
    }

    @Test func `a file with more rows than the tier imports is refused before a row is written`() async throws {
        try await ImportFixture.make(tier: .starter) { fixture in
            let job = try await fixture.imported(Self.file(rows: 1_001))
            #expect(job["status"] == "failed")
            #expect(job["failure"]?["code"] == "import_too_many_rows")
            #expect(job["failure"]?["limit"] == 1_000)
            #expect(job["failure"]?["required_tier"] == "professional")
            let detail = job["failure"]?["detail"]?.string ?? ""
            #expect(detail.contains("1000 rows") && detail.contains("parts") && detail.contains("professional"))
            #expect(try await fixture.partyCount == 0)
            #expect(try await fixture.imported(Self.file(rows: 1_000)).tally == "1000/0/0/0")
        }
    }

    @Test func `a file is written with the entities of its business's own set of plugins`() async throws {
        try await ImportFixture.make { fixture in
            // Everybody else's has no entities at all.
            let others = Storage(
                directory: BusinessDirectory(home: fixture.installation.database),
                manifests: try ManifestSet.resolve([]), cursorSeal: CursorSeal(key: Array(repeating: 7, count: 32)),
                credentials: fixture.installation.credentials, clock: fixture.installation.clock,
                masterKeys: fixture.installation.masterKeys, observer: SilentObserver())
            let (own, business) = (fixture.installation.storage, fixture.firm.grant.business)
            for (isChosen, status) in [(true, "done"), (false, "failed")] {
                let id = try await fixture.uploaded("display_name\nAnn\n")
                try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope)
                let runner = ImportRunner(storage: others, observer: SilentObserver()) { job in
                    isChosen && job == business ? own : nil
                }
                #expect(await runner.step())
                #expect(try await fixture.job(id)["status"]?.string == status)
            }
            #expect(try await fixture.partyCount == 1)
        }
    }

    @Test func `invariants are run afterwards, and what they find is in the job's answer`() async throws {
        try await ImportFixture.make { fixture in
            let fine = try await fixture.imported("display_name\nAnn\n")
            let held = fine["invariants"]?.array ?? []
            #expect(held.contains { $0["plugin"] == "core" && $0["invariant"] == "invoice_balance" })
            #expect(held.contains { $0["plugin"] == "hs" }, "it builds on core")
            #expect(held.allSatisfy { $0["holds"] == true && $0["rows"] == 0 && $0["failure"] == .null }, "\(held)")

            try await TestInstallation.withDatabase(fixture.installation.place, as: .superuser) { database in
                _ = try await database.ask("SELECT set_config('session_replication_role', 'replica', false)")
                _ = try await database.ask(
                    """
                    INSERT INTO hs.work_order (business_id, id, created_by, updated_by, party_id, service_location_id,
                        summary, status)
                    VALUES ($1::uuid, $1::uuid, $1::uuid, $1::uuid, $1::uuid, $1::uuid, 'Leak', 'completed')
                    """, [fixture.firm.grant.business.description])
            }
            let checked = try await fixture.imported("display_name\nBob\n", isDryRun: true)
            #expect(checked["invariants"] == .null, "a dry run changes nothing")
            let job = try await fixture.imported("display_name\nBob\n")
            #expect(job["status"] == "done")
            let broken = (job["invariants"]?.array ?? []).filter { $0["holds"] == false }
            #expect(broken.map { $0["invariant"] } == ["completed_without_time"], "\(broken)")
            #expect(broken.first?["sample_ids"]?[0]?.string == fixture.firm.grant.business.description)
            let other = try await fixture.imported("name,unit_price_minor\nPipe,5\n", to: "core.item")
            #expect(other["invariants"]?.array?.isEmpty == false)
        }
    }

    @Test func `the host may act as the role that checks, and has none of its rights without that`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                """
                SELECT pg_has_role('thorbis_app', 'thorbis_check', 'MEMBER')::text
                UNION ALL SELECT pg_has_role('thorbis_app', 'thorbis_check', 'USAGE')::text
                UNION ALL SELECT pg_has_role('thorbis_check', 'thorbis_app', 'MEMBER')::text
                """)
            #expect(rows.texts == ["true", "false", "false"])
        }
    }
}
