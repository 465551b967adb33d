import HostModel
import Testing

/// Labels of statuses over HTTP.
struct LabelTests {
    private static let labels = "/api/platform/app/v1/status-labels"
    private static let orders = "/api/sales/app/v1/orders"

    private func firm() async throws -> Firm {
        try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
    }

    private func label(_ name: String, _ status: String = "draft", isDefault: Bool = false) -> JSONValue {
        ["entity": "sales.order", "status": .string(status), "name": .string(name), "is_default": .bool(isDefault)]
    }

    @Test func `labels are made, set, changed and archived`() async throws {
        let firm = try await firm()
        let key = ["Idempotency-Key": "label-1"]
        let made = try await firm.client.post(Self.labels, label("Waiting for parts"), headers: key)
        let again = try await firm.client.post(Self.labels, label("Waiting for parts"), headers: key)
        #expect(made.status == 201 && again.bytes == made.bytes, "\(made.text)")
        #expect(made.json["colour"] == "#808080" && made.json["position"] == 0)
        let id = try #require(made.json["id"]?.string)
        let order = try await firm.make(Self.orders, ["title": "Roof"])
        let path = "\(Self.orders)/\(try #require(order["id"]?.string))"
        let set = try await firm.client.post("\(path)/actions/label", ["label_id": .string(id)])
        #expect(set.status == 200 && set.json["label_id"] == .string(id), "\(set.text)")
        let found = try await firm.client.get("\(Self.orders)?filter[label_id]=\(id)")
        #expect(found.json["data"]?.array?.count == 1, "\(found.text)")
        let changed = try await firm.client.patch(
            "\(Self.labels)/\(id)", ["name": "Parts", "colour": "#AABBCC"], version: 1)
        #expect(changed.status == 200 && changed.json["colour"] == "#aabbcc", "\(changed.text)")
        let archived = try await firm.client.send(
            "POST", "\(Self.labels)/\(id)/actions/archive", body: nil, headers: ["If-Match": "\"2\""])
        #expect(archived.status == 200, "\(archived.text)")
        #expect(try await firm.client.get(path).json["label_id"] == .string(id), "what has it keeps it")
        let refused = try await firm.client.post("\(path)/actions/label", ["label_id": .string(id)])
        #expect(refused.status == 422 && refused.json["errors"]?[0]?["path"] == "/label_id", "\(refused.text)")
        let placed = try await firm.client.post("\(path)/actions/place")
        #expect(placed.json["label_id"] == .null)
    }

    @Test func `imported records take the default label on`() async throws {
        let firm = try await firm()
        let made = try await firm.make(Self.labels, label("New", isDefault: true))
        let imports = "/api/platform/app/v1/imports"
        let job = try await firm.make(imports, ["entity": "sales.order", "file_name": "orders.csv"])
        let path = "\(imports)/\(try #require(job["id"]?.string))"
        _ = try await firm.client.send(
            "PUT", "\(path)/chunks?offset=0", body: Array("title\nRoof\n".utf8), headers: ["Content-Type": "text/csv"])
        #expect(try await firm.client.post("\(path)/actions/start").status == 200)
        try await eventually(within: .seconds(20)) {
            try await firm.client.get(path).json["status"] == "done" ? true : nil
        }
        let orders = try await firm.client.get(Self.orders).json["data"]?.array ?? []
        #expect(orders.map { $0["title"] } == ["Roof"] && orders.first?["label_id"] == made["id"])
        let lines = try await firm.client.post(imports, ["entity": "sales.order_line"])
        #expect(lines.json["errors"]?[0]?["code"] == "not_importable", "\(lines.text)")
    }

    @Test func `what isn't a label is refused`() async throws {
        let firm = try await firm()
        let cases: [(body: JSONValue, path: String, code: String)] = [
            (["entity": "core.party", "status": "draft", "name": "A"], "/entity", "unknown_entity"),
            (["entity": "sales.order", "status": "drafty", "name": "A"], "/status", "enum"),
            (["entity": "sales.order", "status": "draft", "name": ""], "/name", "blank"),
            (["entity": "sales.order", "status": "draft", "name": "A", "colour": "red"], "/colour", "min"),
            (["entity": "sales.order", "status": "draft", "name": "A", "colour": "#gggggg"], "/colour", "pattern"),
            (["entity": "sales.order", "status": "draft", "name": "A", "rank": 1], "/rank", "unknown_field"),
        ]
        for test in cases {
            let answer = try await firm.client.post(Self.labels, test.body)
            #expect(answer.status == 422, "\(answer.text)")
            let fault = answer.json["errors"]?[0]
            #expect(fault?["path"] == .string(test.path) && fault?["code"] == .string(test.code), "\(answer.text)")
        }
        let order = try await firm.make(Self.orders, ["title": "Roof"])
        let path = "\(Self.orders)/\(try #require(order["id"]?.string))"
        #expect(try await firm.client.post("\(path)/actions/label").json["errors"]?[0]?["code"] == "required")
        let patched = try await firm.client.patch(path, ["label_id": nil], version: 1)
        #expect(patched.json["errors"]?[0]?["code"] == "read_only", "\(patched.text)")
        let other = try await self.firm()
        let theirs = try await other.make(Self.labels, label("Theirs", isDefault: true))
        let foreign = try await firm.client.post("\(path)/actions/label", ["label_id": theirs["id"] ?? .null])
        #expect(foreign.status == 422)
        let id = theirs["id"]?.string ?? ""
        #expect(try await firm.client.patch("\(Self.labels)/\(id)", ["name": "Mine"], version: 1).status == 404)
        #expect(try await firm.client.get(Self.labels).json["data"] == [])
        #expect(try await firm.client.get("\(Self.labels)?status=draft").status == 422)
        #expect(try await other.client.post("\(path)/actions/label", ["label_id": nil]).status == 404)
        let listed = try await other.client.get("\(Self.labels)?entity=sales.order&status=draft")
        #expect(listed.json["data"]?.array?.map { $0["name"] } == ["Theirs"])
        let plain = "/api/flow/app/v1/tickets"
        let ticket = try await firm.make(plain, ["title": "A"])
        let none = try await firm.client.post("\(plain)/\(ticket["id"]?.string ?? "")/actions/label", ["label_id": nil])
        #expect(none.status == 404)
    }
}
