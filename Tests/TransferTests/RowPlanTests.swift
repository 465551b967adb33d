import HostManifest
import HostModel
import HostTransfer
import Testing

struct RowPlanTests {
    @Test func `columns are matched by name, by member and by label in any case`() throws {
        let outcome = try one("display_name,Tax Exempt,E-MAIL,owner_id\nAnn,yes,a@b,\(Self.id)\n")
        #expect(outcome.faults.isEmpty)
        #expect(outcome.body["display_name"] == "Ann")
        #expect(outcome.body["tax_exempt"] == true)
        #expect(outcome.body["email"] == "a@b")
        #expect(outcome.body["owner_id"] == .string(Self.id))
    }

    @Test func `a column that fits nothing is refused, unless it is left out or others are ignored`() throws {
        let text = "display_name,Shoe size\nAnn,42\n"
        #expect(try fault { _ = try one(text) } == "/mapping/columns/Shoe size unmapped_column")
        #expect(try one(text, ["columns": ["Shoe size": nil]]).body.names == ["display_name"])
        #expect(try one(text, ["others": "ignore"]).body.names == ["display_name"])
    }

    @Test func `what only the host writes is left out of exported files, and refused in a mapping`() throws {
        let text = "display_name,version,created_at,status,number\nAnn,3,x,draft,7\n"
        #expect(try one(text).body.names == ["display_name"])
        #expect(
            try fault { _ = try one(text, ["columns": ["number": "number"]]) }
                == "/mapping/columns/number unknown_field")
    }

    static let cells: [(String, JSONValue, JSONValue)] = [
        ("12", "count", 12), ("-3", "count", -3), ("1,000", "count", "1,000"), ("1.5", "count", "1.5"),
        ("1299", "price_minor", 1_299), ("YES", "tax_exempt", true), ("0", "tax_exempt", false),
        ("maybe", "tax_exempt", "maybe"), ("customer; vendor", "roles", ["customer", "vendor"]),
        ("[\"vendor\"]", "roles", ["vendor"]), ("2026-02-28", "since", "2026-02-28"),
        ("{\"a\":1}", "extra", ["a": 1]), ("2026-11-22T15:00:00+01:00", "seen_at", "2026-11-22T15:00:00+01:00"),
        ("2026-11-22 15:00", "seen_at", "2026-11-22T21:00:00.000000Z"),
        ("2026-07-01T09:30:15", "seen_at", "2026-07-01T14:30:15.000000Z"),
        // Twice on that night: the first one counts.
        ("2026-11-01 01:30", "seen_at", "2026-11-01T06:30:00.000000Z"),
    ]

    @Test(arguments: cells) func `cells become values`(text: String, field: JSONValue, value: JSONValue) throws {
        let name = field.string ?? ""
        let outcome = try one("x\n\"\(text.replacing("\"", with: "\"\""))\"\n", ["columns": ["x": field]])
        #expect(outcome.body[name] == value)
        #expect(outcome.faults.isEmpty)
    }

    static let formats: [(JSONValue, String, JSONValue)] = [
        (["field": "since", "format": "DD.MM.YYYY"], "24.12.2026", "2026-12-24"),
        (["field": "since", "format": "M/D/YYYY"], "1/31/2026", "2026-01-31"),
        (["field": "seen_at", "format": "MM/DD/YYYY hh:mm"], "01/31/2026 09:05", "2026-01-31T15:05:00.000000Z"),
        (["field": "price_minor", "decimal": "."], "12.99", 1_299),
        (["field": "price_minor", "decimal": ","], "-0,5", -50),
        (["field": "price_minor", "decimal": "."], "7", 700),
        (["field": "weight_milli", "decimal": "."], "1.5", 1_500),
        (["field": "share_ppm", "decimal": "."], "0.08875", 88_750),
    ]

    @Test(arguments: formats) func `declared forms are read exactly`(
        rule: JSONValue, text: String, value: JSONValue
    ) throws {
        let outcome = try one("x\n\"\(text)\"\n", ["columns": ["x": rule]])
        #expect(outcome.body[rule["field"]?.string ?? ""] == value)
    }

    static let flawed: [(JSONValue, String, String)] = [
        (["field": "since", "format": "DD.MM.YYYY"], "31.02.2026", "format"),
        (["field": "since", "format": "DD.MM.YYYY"], "2026-02-01", "format"),
        (["field": "price_minor", "decimal": "."], "12.995", "precision"),
        (["field": "price_minor", "decimal": "."], "1,299.00", "format"),
        (["field": "price_minor", "decimal": "."], "$5", "format"),
        (["field": "price_minor", "decimal": "."], "99999999999999999999", "max"),
        ("seen_at", "2026-03-08 02:30", "nonexistent_time"),
        ("since", "24.12.2026", "format"),
    ]

    @Test(arguments: flawed) func `values of another form are faults that name the column`(
        rule: JSONValue, text: String, code: String
    ) throws {
        let outcome = try one("x\n\"\(text)\"\n", ["columns": ["x": rule]])
        #expect(outcome.faults.map(\.code) == [code])
        #expect(outcome.faults.map(\.column) == ["x"])
    }

    @Test func `references by another key are looked up, constants fill in, custom members nest`() throws {
        let mapping: JSONValue = [
            "columns": ["Owner no": "owner.external_id", "Colour": "custom.colour", "Floor": "custom.floor"],
            "constants": ["roles": ["customer"], "count": 1],
        ]
        let outcome = try one("display_name,Owner no,Colour,Floor,count\nAnn,A-1,red,2,7\n", mapping)
        #expect(outcome.lookups.map(\.text) == ["A-1"])
        #expect(outcome.lookups.map(\.key.column) == ["external_id"])
        #expect(outcome.body["owner_id"] == .string(RowPlan.unresolved))
        #expect(outcome.body["custom"] == ["colour": "red", "floor": 2])
        #expect(outcome.body["roles"] == ["customer"])
        #expect(outcome.body["count"] == 7)
    }

    @Test func `empty cells are null, or nothing where the mapping keeps`() throws {
        let mapping: JSONValue = ["columns": ["b": ["field": "email", "empty": "keep"], "a": "count"]]
        let outcome = try one("a,b\n,\n", mapping)
        #expect(outcome.body["count"] == .null)
        #expect(outcome.body["email"] == nil)
    }

    static let refused: [(JSONValue, String)] = [
        (["columns": ["x": "nothing"]], "/mapping/columns/x unknown_field"),
        (["columns": ["x": "owner.count"]], "/mapping/columns/x unknown_field"),
        (["columns": ["x": "custom.colours"]], "/mapping/columns/x unknown_field"),
        (["columns": ["x": "custom."]], "/mapping/columns/x unknown_field"),
        (["columns": ["y": "count"], "others": "ignore"], "/mapping/columns/y unknown_column"),
        (["columns": ["x": ["field": "count", "decimal": "."]]], "/mapping/columns/x unsupported"),
        (["columns": ["x": ["field": "count", "format": "YYYY"]]], "/mapping/columns/x unsupported"),
        (["columns": ["x": ["field": "since", "format": "YY-MM"]]], "/mapping/columns/x unsupported"),
        (["columns": ["x": ["field": "count", "decimals": 2]]], "/mapping/columns/x/decimals unknown_field"),
        (["columns": ["x": 5]], "/mapping/columns/x type"), (["columns": []], "/mapping/columns type"),
        (["others": "drop"], "/mapping/others enum"), (["constants": []], "/mapping/constants type"),
        (["fields": [:]], "/mapping/fields unknown_field"), ([], "/mapping type"),
    ]

    @Test(arguments: refused) func `a mapping that makes no sense is refused with its place`(
        mapping: JSONValue, wanted: String
    ) throws {
        #expect(try fault { _ = try one("x\n1\n", mapping) } == wanted)
    }

    @Test func `two columns for one field are refused`() throws {
        let found = try fault { _ = try one("count,Count\n1,2\n") }
        #expect(found == "/mapping/columns/Count duplicate")
    }

    @Test func `members of objects keep their types, texts are read as cells`() throws {
        let rows = try outcomes(
            .ndjson,
            "{\"Display name\":\"Ann\",\"count\":5,\"tax_exempt\":\"yes\",\"roles\":[\"vendor\"]}\n{\"nope\":1}\n")
        #expect(rows[0].body["display_name"] == "Ann")
        #expect(rows[0].body["count"] == 5)
        #expect(rows[0].body["tax_exempt"] == true)
        #expect(rows[0].body["roles"] == ["vendor"])
        #expect(rows[1].faults.map(\.code) == ["unmapped_column"])
    }

    // MARK: Arranging

    private static let id = "0190f3f0-0000-7000-8000-000000000001"

    private func one(_ text: String, _ mapping: JSONValue = [:]) throws -> RowPlan.Outcome {
        try #require(try outcomes(.csv, text, mapping).first)
    }

    private func outcomes(_ format: FileFormat, _ text: String, _ mapping: JSONValue = [:]) throws -> [RowPlan.Outcome]
    {
        var reader = RowReader(format)
        reader.feed(Array(text.utf8))
        reader.finish()
        var rows: [SourceRow] = []
        while let row = try reader.next() { rows.append(row) }
        let plan = try RowPlan(ImportMapping(mapping), header: reader.header, target: Self.target())
        return rows.map { plan.outcome($0) }
    }

    private func fault(_ body: () throws -> Void) throws -> String? {
        do {
            try body()
            return nil
        } catch let problem as Problem {
            return problem.faults.first.map { "\($0.path) \($0.code)" }
        }
    }

    private static func target() throws -> ImportTarget {
        let yaml = """
            apiVersion: thorbis.dev/v1
            id: shop
            name: Shop
            version: 1.0.0
            pluginAPI: ">=1.0 <2.0"
            entities:
              owner:
                route: owners
                fields:
                  code: {type: text, unique: true, max: 20}
              person:
                route: people
                fields:
                  display_name: {type: text, required: true, max: 200}
                  email: {type: email}
                  tax_exempt: {type: bool}
                  count: {type: int}
                  price_minor: {type: money}
                  weight_milli: {type: quantity}
                  share_ppm: {type: rate}
                  roles: {type: enums, values: [customer, vendor]}
                  since: {type: date}
                  seen_at: {type: timestamp}
                  extra: {type: json}
                  pin: {type: text, max: 9, sensitive: true}
                  number: {type: sequence, prefix: P-, readOnly: true}
                  owner: {type: ref, to: shop.owner}
                states:
                  field: status
                  initial: draft
                  transitions:
                    open: {from: [draft], to: open}
            """
        let manifest = try ManifestParser.parse(yaml: yaml, file: "shop.yaml", digest: "d")
        let set = try ManifestSet.resolve([manifest])
        let entity = try #require(manifest.entity("person"))
        return ImportTarget(
            entity, of: manifest.id, in: set, currency: "USD", timeZone: "America/Chicago",
            custom: [
                Field(name: "colour", type: .text(min: 1, max: 20, pattern: nil)),
                Field(name: "floor", type: .int(min: 0, max: 9)),
            ])
    }
}
