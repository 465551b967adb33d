import HostManifest
import HostModel
import HostSQL
import HostStorage
import HostTransfer
import Testing

/// Files whose columns are fields that the business added.
struct ImportCustomTests {
    private func withFields(_ test: (ImportFixture) async throws -> Void) async throws {
        try await ImportFixture.make { fixture in
            let (installation, firm) = (fixture.installation, fixture.firm)
            let party = try installation.plan("core", "party")
            try await installation.addField("floor", .int, required: true, to: party, firm)
            try await installation.addField("credit", .money, to: party, firm)
            try await installation.addField("since", .date, to: party, firm)
            try await installation.addField("tags", .words, options: ["new", "vip"], to: party, firm)
            try await installation.addField("friend", .reference, target: party.reference, to: party, firm)
            try await test(fixture)
        }
    }

    private static let mapping: JSONValue = [
        "columns": [
            "Floor": "custom.floor", "Tags": "custom.tags", "Friend": "custom.friend",
            "Credit": ["field": "custom.credit", "decimal": ","],
            "Since": ["field": "custom.since", "format": "DD.MM.YYYY"],
        ]
    ]

    private func customs(_ fixture: ImportFixture) async throws -> [String] {
        try await fixture.ask("SELECT custom::text FROM core.party ORDER BY external_id")
    }

    @Test func `cells become values of the fields' types`() async throws {
        try await withFields { fixture in
            let job = try await fixture.imported(
                "display_name,external_id,Floor,Credit,Since,Tags\nAnn,a,2,\"12,99\",24.12.2026,new;vip\nBob,b,3,,,\n",
                mapping: Self.mapping.without(["Friend"]))
            #expect(job.tally == "2/0/0/0")
            #expect(
                try await customs(fixture) == [
                    #"{"tags": ["new", "vip"], "floor": 2, "since": "2026-12-24", "credit": 1299}"#,
                    #"{"floor": 3}"#,
                ])
        }
    }

    @Test func `rows with bad values are told by column, the others are stored`() async throws {
        try await withFields { fixture in
            let other = try await fixture.installation.signUp("bob@example.com")
            let party = try fixture.installation.plan("core", "party").reference
            let foreign = try await RecordMaker.one(of: party, fixture.installation, other)
            let own = try await fixture.installation.storage.records.create(
                try fixture.installation.plan("core", "party"),
                ["display_name": "Own", "roles": ["customer"], "custom": ["floor": 0]], in: fixture.firm.scope)
            let id = try #require(own.madeID)
            let job = try await fixture.imported(
                """
                display_name,Floor,Tags,Friend
                A,two,,
                B,,,
                C,1,old,
                D,1,,\(foreign)
                E,1,,nobody
                F,1,,\(id)

                """, mapping: Self.mapping.without(["Credit", "Since"]))
            #expect(job.tally == "1/0/0/5")
            #expect(
                try await fixture.faults(job) == [
                    "1:Floor:type", "2:Floor:required", "3:Tags:enum", "4:Friend:unknown_reference",
                    "5:Friend:format",
                ])
        }
    }

    @Test func `an upsert merges, clears what is empty and says when nothing changed`() async throws {
        try await withFields { fixture in
            let header = "external_id,display_name,Floor,Tags\n"
            let mapping = Self.mapping.without(["Credit", "Since", "Friend"])
            func upsert(_ rows: String) async throws -> String {
                try await fixture.imported(header + rows, mode: .upsert, mapping: mapping).tally
            }
            #expect(try await upsert("a,Ann,1,vip\n") == "1/0/0/0")
            #expect(try await upsert("a,Ann,1,vip\n") == "0/0/1/0")
            #expect(try await upsert("a,Ann,2,\n") == "0/1/0/0")
            #expect(try await customs(fixture) == [#"{"floor": 2}"#])
            // A file without the column leaves the value alone.
            let job = try await fixture.imported("external_id,display_name\na,Anna\n", mode: .upsert)
            #expect(job.tally == "0/1/0/0")
            #expect(try await customs(fixture) == [#"{"floor": 2}"#])
        }
    }

    @Test func `a unique value that comes twice fails its row, the others are stored`() async throws {
        try await ImportFixture.make { fixture in
            let party = try fixture.installation.plan("core", "party")
            try await fixture.installation.addField("serial", .text, unique: true, to: party, fixture.firm)
            let mapping: JSONValue = ["columns": ["Serial": "custom.serial"]]
            let header = "external_id,display_name,Serial\n"
            let job = try await fixture.imported(header + "a,A,1\nb,B,2\nc,C,1\nd,D,\n", mapping: mapping)
            #expect(job.tally == "3/0/0/1")
            #expect(try await fixture.faults(job) == ["3:Serial:already_exists"])
            let change = try await fixture.imported(header + "a,A,2\nb,B,2\n", mode: .upsert, mapping: mapping)
            #expect(change.tally == "0/0/1/1")
            #expect(try await fixture.faults(change) == ["1:Serial:already_exists"])
            #expect(try await fixture.ask("SELECT value FROM custom.value ORDER BY 1") == ["1", "2"])
        }
    }

    @Test func `objects bring their own, and a column that nobody defined ends the import`() async throws {
        try await withFields { fixture in
            let rows = """
                {"external_id":"a","display_name":"Ann","custom":{"floor":1}}
                {"external_id":"b","display_name":"Bob","custom":{"flor":1}}

                """
            let job = try await fixture.imported(rows, format: .ndjson)
            #expect(job.tally == "1/0/0/1")
            #expect(
                try await fixture.faults(job).sorted() == ["2:-:required", "2:-:unknown_field"])
            let refused = try await fixture.imported(
                "display_name,Size\nAnn,1\n", mapping: ["columns": ["Size": "custom.size"]])
            #expect(refused["status"] == "failed")
            #expect(refused["failure"]?["errors"]?[0]?["code"] == "unknown_field")
        }
    }
}

extension JSONValue {
    /// A mapping without some columns.
    fileprivate func without(_ names: Set<String>) -> JSONValue {
        var columns = JSONObject()
        for (name, rule) in self["columns"]?.object?.members ?? [] where !names.contains(name) { columns[name] = rule }
        return ["columns": .object(columns)]
    }
}
