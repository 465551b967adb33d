import Foundation
import HostModel
import HostPostgres
import HostStorage
import HostTransfer
import TestSupport
import Testing

struct ImportTests {
    @Test func `rows become records with an audit entry that says where they came from`() async throws {
        try await ImportFixture.make { fixture in
            let job = try await fixture.imported(
                "Display name,E-Mail,roles,external_id\r\nAnn,ANN@example.com,customer;vendor,A-1\r\nBob,,,A-2\r\n")
            #expect(job["status"] == "done", "\(job.text)")
            #expect(job.tally == "2/0/0/0")
            #expect(job["rows_total"] == 2)
            #expect(job["rows_done"] == 2)
            #expect(job["bytes_done"] == job["bytes_received"])
            #expect(
                try await fixture.ask("SELECT email || ' ' || roles::text FROM core.party WHERE external_id = 'A-1'")
                    == ["ann@example.com {customer,vendor}"])
            let id = job["id"]?.string ?? ""
            let reasons = try await fixture.ask(
                "SELECT reason FROM audit.entry WHERE action = 'core.party.create' ORDER BY position")
            #expect(reasons == ["import \(id) row 1", "import \(id) row 2"])
            let actions = try await fixture.installation.actions(of: fixture.firm).filter { $0.contains("import") }
            #expect(actions == ["create", "start", "finish"].map { "platform.import.\($0)" })
        }
    }

    @Test func `bad rows are told with row, column and code, and the others are kept`() async throws {
        try await ImportFixture.make { fixture in
            let job = try await fixture.imported(
                """
                display_name,email,payment_terms_days,kind,external_id
                Ann,ann@example.com,30,person,X1
                ,bob@example.com,30,person,X2
                Cyd,nonsense,30,person,X3
                Dan,dan@example.com,999,robot,X4
                Eve,eve@example.com
                Fay,fay@example.com,0,company,X1
                Gus,gus@example.com,0,company,X7

                """)
            #expect(job["status"] == "done")
            #expect(job.tally == "2/0/0/5")
            #expect(
                try await fixture.faults(job) == [
                    "2:display_name:required", "3:email:format", "4:payment_terms_days:max", "4:kind:enum",
                    "5:-:ragged_row", "6:external_id:already_exists",
                ])
            #expect(try await fixture.ask("SELECT display_name FROM core.party ORDER BY 1") == ["Ann", "Gus"])
        }
    }

    @Test func `what only PostgreSQL refuses is pinned to its row`() async throws {
        try await ImportFixture.make { fixture in
            try await TestInstallation.withDatabase(fixture.installation.place, as: .superuser) { database in
                _ = try await database.ask(
                    "ALTER TABLE core.party ADD CONSTRAINT odd CHECK (display_name <> 'Row 333')")
            }
            let rows = (1...700).map { "Row \($0),R\($0)" }.joined(separator: "\n")
            let job = try await fixture.imported("display_name,external_id\n\(rows)\n")
            #expect(job.tally == "699/0/0/1", "\(job.text)")
            #expect(try await fixture.faults(job).first?.hasPrefix("333:") == true)
            #expect(try await fixture.partyCount == 699)
        }
    }

    @Test func `a dry run reports every bad row and writes nothing, and can be run for real`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name,external_id\nAnn,A\nBob,A\n,C\nDan,D\n", isDryRun: true)
            let checked = try await fixture.run(id)
            #expect(checked["status"] == "done")
            #expect(checked.tally == "2/0/0/2")
            #expect(try await fixture.faults(checked) == ["2:external_id:already_exists", "3:display_name:required"])
            #expect(try await fixture.partyCount == 0)
            let real = try await fixture.run(id, isDryRun: false)
            #expect(real.tally == "2/0/0/2")
            #expect(try await fixture.partyCount == 2)
            // Started once more, it is done and stays so.
            #expect(try await fixture.run(id, isDryRun: false).tally == "2/0/0/2")
            #expect(try await fixture.partyCount == 2)
        }
    }

    @Test func `an upsert changes what is there, leaves what is equal, makes what is new`() async throws {
        try await ImportFixture.make { fixture in
            _ = try await fixture.imported("display_name,external_id,notes\nAnn,A,old\nBob,B,same\nCyd,C,kept\n")
            let job = try await fixture.imported(
                "display_name,external_id,notes\nAnn,A,new\nBob,B,same\nDan,D,\nAnn again,A,newer\n,C,x\n",
                mode: .upsert,
                mapping: ["columns": ["notes": ["field": "notes", "empty": "keep"]]])
            #expect(job.tally == "1/2/1/1", "\(job.text)")
            #expect(try await fixture.faults(job) == ["5:display_name:required"])
            let rows = try await fixture.ask(
                "SELECT external_id || ' ' || version || ' ' || display_name || ' ' || coalesce(notes, '-') "
                    + "FROM core.party ORDER BY external_id")
            #expect(rows == ["A 3 Ann again newer", "B 1 Bob same", "C 1 Cyd kept", "D 1 Dan -"])
            let changes = try await fixture.ask(
                "SELECT changes->'notes'->>'from' FROM audit.entry WHERE action = 'core.party.update' ORDER BY position"
            )
            #expect(changes == ["old", "new"])
        }
    }

    @Test func `archived records take no changes from a file either`() async throws {
        try await ImportFixture.make { fixture in
            _ = try await fixture.imported("display_name,external_id\nAnn,A\n")
            let id = try #require(try await fixture.ask("SELECT id::text FROM core.party").first)
            let plan = try fixture.installation.plan("core", "party")
            _ = try await fixture.installation.storage.records.archive(
                plan, try #require(RecordID(id)), version: 1, in: fixture.firm.scope, reach: .business)
            let job = try await fixture.imported("display_name,external_id\nAnna,A\n", mode: .upsert)
            #expect(job.tally == "0/0/0/1")
            #expect(try await fixture.faults(job) == ["1:-:archived"])
        }
    }

    @Test func `references are found by external id or by id, and missing ones told`() async throws {
        try await ImportFixture.make { fixture in
            _ = try await fixture.imported("display_name,external_id\nAnn,A\nBob,B\n")
            let ann = try await fixture.ask("SELECT id::text FROM core.party WHERE external_id = 'A'").first ?? ""
            let byKey = try await fixture.imported(
                "Owner,line1,country\nA,Main St 1,US\nB,Main St 2,US\nZ,Main St 3,US\n,Main St 4,US\n",
                to: "hs.service_location", mapping: ["columns": ["Owner": "party.external_id"]])
            #expect(byKey.tally == "2/0/0/2", "\(byKey.text)")
            #expect(try await fixture.faults(byKey) == ["3:Owner:unknown_reference", "4:Owner:required"])
            let byID = try await fixture.imported(
                "party_id,line1,country\n\(ann),Main St 5,US\n\(UUID().uuidString),Main St 6,US\nx,Main St 7,US\n",
                to: "hs.service_location")
            #expect(byID.tally == "1/0/0/2")
            #expect(try await fixture.faults(byID) == ["2:-:unknown_reference", "3:party_id:format"])
        }
    }

    @Test func `a mount makes records that match it, and finds no others`() async throws {
        try await ImportFixture.make { fixture in
            _ = try await fixture.imported("display_name,external_id,roles\nVic,V,vendor\n")
            let job = try await fixture.imported(
                "display_name,external_id\nAnn,A\nVictor,V\n", to: "hs.customers", mode: .upsert)
            #expect(job.tally == "1/0/0/1", "\(job.text)")
            #expect(
                try await fixture.ask("SELECT display_name || roles::text FROM core.party ORDER BY 1")
                    == ["Ann{customer}", "Vic{vendor}"])
        }
    }

    @Test func `a file that can't be read to its end imports nothing`() async throws {
        try await ImportFixture.make { fixture in
            let rows = (1...600).map { "Row \($0)" }.joined(separator: "\n")
            let open = try await fixture.imported("display_name\n\(rows)\n\"never closed\n")
            #expect(open["status"] == "failed")
            #expect(open["failure"]?["code"] == "unterminated_quote")
            #expect(open["failure"]?["line"] == 602)
            let unmapped = try await fixture.imported("display_name,Shoe size\nAnn,42\n")
            #expect(unmapped["failure"]?["errors"]?[0]?["code"] == "unmapped_column")
            #expect(try await fixture.imported("")["failure"]?["code"] == "header")
            #expect(try await fixture.partyCount == 0)
        }
    }

    @Test func `JSON lines are imported like cells`() async throws {
        try await ImportFixture.make { fixture in
            let job = try await fixture.imported(
                "{\"display_name\":\"Ann\",\"roles\":[\"vendor\"]}\n{\"display_name\":5}\nnonsense\n", format: .ndjson)
            #expect(job.tally == "1/0/0/2")
            #expect(try await fixture.faults(job) == ["2:-:type", "3:-:malformed_json"])
        }
    }

    @Test func `the first of two rows with one key is kept, in whichever batches they are`() async throws {
        try await ImportFixture.make { fixture in
            // The second of each pair is early in its batch, the first one late: two batches that are written at once
            // get into each other's way.
            let keys = (1...1_700).map { [501: 499, 502: 3, 1_001: 1_000, 1_650: 2][$0] ?? $0 }
            let rows = keys.enumerated().map { "Row \($0.offset + 1),X\($0.element)" }.joined(separator: "\n")
            let job = try await fixture.imported("display_name,external_id\n\(rows)\n")
            #expect(job.tally == "1696/0/0/4", "\(job.text)")
            #expect(job["rows_done"] == 1_700)
            #expect(job["faults_kept"] == 4)
            #expect(
                try await fixture.faults(job)
                    == ["501", "502", "1001", "1650"].map { "\($0):external_id:already_exists" })
            let first = try await fixture.ask(
                "SELECT display_name FROM core.party WHERE external_id IN ('X499', 'X3', 'X1000', 'X2') ORDER BY 1")
            #expect(first == ["Row 1000", "Row 2", "Row 3", "Row 499"])
            let reasons = try await fixture.ask(
                "SELECT count(DISTINCT reason)::text FROM audit.entry WHERE action = 'core.party.create'")
            #expect(reasons == ["1696"])
        }
    }

    @Test func `an upsert of one record in two batches changes it in the file's order`() async throws {
        try await ImportFixture.make { fixture in
            let rows = (1...1_200).map { "Row \($0),X\($0 == 900 ? 10 : $0)" }.joined(separator: "\n")
            let job = try await fixture.imported("display_name,external_id\n\(rows)\n", mode: .upsert)
            #expect(job.tally == "1199/1/0/0", "\(job.text)")
            #expect(
                try await fixture.ask("SELECT display_name FROM core.party WHERE external_id = 'X10'") == ["Row 900"])
        }
    }

    @Test func `told to stop, the first bad row ends it and its batch is not kept`() async throws {
        try await ImportFixture.make { fixture in
            let rows = (1...700).map { $0 == 650 ? "" : "Row \($0)" }.map { "\($0),x" }.joined(separator: "\n")
            let job = try await fixture.imported(
                "display_name,notes\n\(rows)\n", stopsOnError: true)
            #expect(job["status"] == "failed")
            #expect(job["failure"]?["code"] == "import_stopped")
            #expect(job.tally == "500/0/0/1")
            #expect(job["rows_done"] == 500)
            #expect(try await fixture.partyCount == 500)
        }
    }

    @Test func `rights are those of the moment of the run`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name\nAnn\n")
            try await TestInstallation.withDatabase(fixture.installation.place, as: .owner) { database in
                _ = try await database.ask(
                    "UPDATE users.membership SET roles = '{viewer}'", business: fixture.firm.grant.business)
            }
            let job = try await fixture.run(id)
            #expect(job["status"] == "failed")
            #expect(job["failure"]?["code"] == "forbidden")
            #expect(try await fixture.partyCount == 0)
        }
    }
}
