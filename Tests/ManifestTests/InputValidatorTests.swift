import HostManifest
package import HostModel
import Testing

struct InputValidatorTests {
    private let fields = [
        Field("name", .text(min: 1, max: 10, pattern: nil), isRequired: true),
        Field("kind", .enumeration(["person", "company"]), defaultValue: "person"),
        Field("notes", .text(min: 0, max: 20, pattern: nil)),
        Field("party", .reference(EntityReference(plugin: .sample, name: "party"))),
        Field("total_minor", .money(min: 0, max: 100), defaultValue: 0, isReadOnly: true),
    ]
    private let party = "0197a3c0-0000-7000-8000-0000000000AB"

    @Test func `values are named by their fields and get their defaults`() throws {
        let values = try InputValidator.create(fields, ["name": "Ada", "party_id": .string(party)])
        #expect(
            values == [
                "name": "Ada", "kind": "person", "party": .string(party.lowercased()), "total_minor": 0, "custom": [:],
            ])
    }

    @Test func `a patch has what the body has`() throws {
        #expect(try InputValidator.patch(fields, [:]).isEmpty)
        #expect(try InputValidator.patch(fields, ["notes": nil, "name": "Bo"]) == ["notes": nil, "name": "Bo"])
    }

    @Test func `null clears a field with a default to the default`() throws {
        #expect(try InputValidator.patch(fields, ["kind": nil, "custom": nil]) == ["kind": "person", "custom": [:]])
    }

    @Test func `null is as good as absent in a new record`() throws {
        let values = try InputValidator.create(fields, ["name": "Ada", "notes": nil, "kind": nil, "external_id": nil])
        #expect(values == ["name": "Ada", "kind": "person", "total_minor": 0, "custom": [:]])
    }

    @Test func `every fault is found`() throws {
        let body: JSONObject = [
            "kind": "robot", "notes": 5, "party": .string(party), "total_minor": 5, "a/b~c": 1, "version": 3,
            "party_id": "x",
        ]
        let problem = try #require(throws: Problem.self) { try InputValidator.create(fields, body) }
        #expect(problem.code == .validationFailed)
        #expect(
            problem.found == [
                "/kind enum", "/notes type", "/party unknown_field", "/total_minor read_only", "/a~1b~0c unknown_field",
                "/version read_only", "/party_id format", "/name required",
            ])
    }

    @Test func `a reference without its ending is told its name`() throws {
        let problem = try #require(throws: Problem.self) {
            try InputValidator.patch(fields, ["party": .string(party)])
        }
        #expect(problem.faults.first?.detail.contains("`party_id`") == true)
    }

    @Test func `null doesn't do for a required field`() throws {
        for purpose in [InputValidator.Purpose.create, .patch, .input] {
            let problem = try #require(throws: Problem.self) {
                try InputValidator(purpose, fields).values(of: ["name": nil])
            }
            #expect(problem.found == ["/name required"])
        }
    }

    @Test func `the status is refused before all else`() throws {
        for purpose in [InputValidator.Purpose.create, .patch] {
            let problem = try #require(throws: Problem.self) {
                try InputValidator(purpose, fields, status: "status").values(of: ["status": "paid", "kind": 7])
            }
            #expect(problem.code == .statusNotWritable)
        }
    }

    @Test(arguments: [
        "business_id", "version", "created_at", "updated_at", "created_by", "updated_by", "archived_at",
    ])
    func `what the host sets is read-only in records and unknown in inputs`(name: String) throws {
        let body: JSONObject = [name: "x"]
        let patch = try #require(throws: Problem.self) { try InputValidator.patch(fields, body) }
        #expect(patch.found == ["/\(name) read_only"])
        let input = try #require(throws: Problem.self) { try InputValidator.input([], body) }
        #expect(input.found == ["/\(name) unknown_field"])
    }

    @Test func `a client may name a new record but not rename it`() throws {
        let body: JSONObject = ["name": "Ada", "id": .string(party), "external_id": "qb-7", "custom": ["vip": true]]
        let values = try InputValidator.create(fields, body)
        #expect(values["id"] == .string(party.lowercased()))
        #expect(values["external_id"] == "qb-7")
        #expect(values["custom"] == ["vip": true])
        let problem = try #require(throws: Problem.self) { try InputValidator.patch(fields, ["id": .string(party)]) }
        #expect(problem.found == ["/id read_only"])
    }

    @Test func `faults beyond the bound are counted only`() throws {
        var body = JSONObject()
        for index in 0..<1_000 { body["x\(index)"] = 1 }
        let problem = try #require(throws: Problem.self) { try InputValidator.input([], body) }
        #expect(problem.faults.count == 200)
        #expect(problem.detail.contains("1000 fields"))
    }
}

extension Problem {
    /// The faults in short: `/name required`.
    var found: [String] { faults.map { "\($0.path) \($0.code)" } }
}

extension PluginID {
    /// Where the references of these tests lead.
    static let sample: PluginID = {
        guard let id = PluginID("core") else { preconditionFailure("`core` has the form of a plugin's id") }
        return id
    }()
}

/// Bodies of requests as literals.
extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init()
        for (name, value) in elements { self[name] = value }
    }
}

extension Field {
    /// A field that has only what a test is about.
    init(
        _ name: String, _ type: FieldType, isRequired: Bool = false, defaultValue: JSONValue? = nil,
        isReadOnly: Bool = false
    ) {
        self.init(
            name: name, type: type, isRequired: isRequired, defaultValue: defaultValue, isReadOnly: isReadOnly)
    }
}
