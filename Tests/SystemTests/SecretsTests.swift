import HostModel
import Testing

/// Sensitive fields on the real binary, from `Tests/Fixtures/Gallery/secrets.yaml`.
struct SecretsTests {
    private static let locks = "/api/secrets/app/v1/locks"
    private static let safes = "/api/secrets/app/v1/safes"

    @Test func `who may reveal sees the value wherever the record is shown`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let made = try await firm.make(
            Self.locks, ["door": "Front", "gate_code": "open-4711", "details": ["floor": 3], "contact": "a@b.c"])
        #expect(made["gate_code"]?.string == "open-4711")
        #expect(made["details"] == ["floor": 3])
        let path = "\(Self.locks)/\(made["id"]?.string ?? "")"
        let read = try await firm.client.get(path)
        #expect(read.json == made)
        #expect(read.header("ETag") == "\"1\"")
        #expect(try await firm.client.get(Self.locks).json["data"]?[0]?["gate_code"]?.string == "open-4711")
        let changed = try await firm.client.patch(path, ["gate_code": "new-0815"], version: 1)
        #expect(changed.json["gate_code"]?.string == "new-0815")
        #expect(changed.json["contact"]?.string == "a@b.c")
        let cleared = try await firm.client.patch(path, ["gate_code": nil], version: 2)
        #expect(cleared.json["gate_code"] == .null)
    }

    @Test func `who may not reveal sees the mask, and can't store it`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let made = try await firm.make(Self.safes, ["place": "Office", "combination": "7-7-7"])
        #expect(made["combination"]?.string == "•••")
        let path = "\(Self.safes)/\(made["id"]?.string ?? "")"
        #expect(try await firm.client.get(path).json == made)
        let list = try await firm.client.get(Self.safes)
        #expect(list.json["data"]?[0]?["combination"]?.string == "•••")
        let sentBack = try await firm.client.patch(path, ["place": "Cellar", "combination": "•••"], version: 1)
        #expect(sentBack.status == 422)
        #expect(sentBack.json["errors"]?[0]?["path"]?.string == "/combination")
        #expect(sentBack.json["errors"]?[0]?["code"]?.string == "masked")
        #expect(try await firm.client.patch(path, ["place": "Cellar"], version: 1).status == 200)
        for body in [list.text, try await firm.client.get("/api/platform/app/v1/audit?limit=100").text] {
            #expect(!body.contains("7-7-7"))
        }
    }

    @Test func `the plain value keeps its rules, and nothing asks for it`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let wrong = try await firm.client.post(
            Self.locks, ["door": "Front", "gate_code": "no!", "contact": "nobody", "details": ["floor": "first"]])
        let found = wrong.json["errors"]?.array?.map { "\($0["path"]?.string ?? "") \($0["code"]?.string ?? "")" }
        #expect(found == ["/gate_code min", "/contact format", "/details/floor type"])
        for query in ["filter[gate_code]=open", "filter[gate_code]=null:true", "sort=gate_code", "q=open"] {
            #expect(try await firm.client.get("\(Self.locks)?\(query)").status == 422, "\(query)")
        }
    }
}
