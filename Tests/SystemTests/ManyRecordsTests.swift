import Foundation
import HostModel
import Testing

/// Batches, and records by another system's names.
struct ManyRecordsTests {
    private static let items = "\(Firm.core)/items"
    private static let customers = "\(Firm.hs)/customers"

    private func firm() async throws -> Firm {
        try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
    }

    private func item(_ name: String, sku: String? = nil) -> JSONValue {
        [
            "op": "create",
            "values": ["name": .string(name), "unit_price_minor": 100, "sku": sku.map { .string($0) } ?? .null],
        ]
    }

    private func names(_ firm: Firm) async throws -> [String] {
        let page = try await firm.client.get("\(Self.items)?sort=name&limit=200")
        return page.json["data"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    @Test func `a batch makes, changes and archives, in order`() async throws {
        let firm = try await firm()
        let made = try await firm.make(Self.items, ["name": "Old", "unit_price_minor": 1])
        let id = made["id"] ?? .null
        let answer = try await firm.client.post(
            "\(Self.items)/batch",
            [
                "items": [
                    item("First"),
                    ["op": "update", "id": id, "version": 1, "values": ["name": "New"]],
                    ["op": "archive", "id": id, "version": 2],
                    item("Last"),
                ]
            ])
        #expect(answer.status == 200, "\(answer.text)")
        let items = answer.json["items"]?.array ?? []
        #expect(items.map { $0["status"] } == [201, 200, 200, 201])
        #expect(items.map { $0["record"]?["name"] } == ["First", "New", "New", "Last"])
        #expect(try await names(firm) == ["First", "Last"])
        let trail = try await firm.client.get("/api/platform/app/v1/audit?record_id=\(id.string ?? "")&limit=200")
        #expect(
            trail.json["data"]?.array?.map { $0["action"] }
                == ["core.item.create", "core.item.update", "core.item.archive"])
    }

    @Test func `one fault undoes all and says where, unless items stand alone`() async throws {
        let firm = try await firm()
        let batch: JSONValue = ["items": [item("A", sku: "1"), item("B", sku: "1"), item("C", sku: "2")]]
        let refused = try await firm.client.post("\(Self.items)/batch", batch)
        #expect(refused.status == 409 && refused.code == "already_exists", "\(refused.text)")
        #expect(refused.json["errors"]?[0]?["path"] == "/items/1/values/sku")
        #expect(try await names(firm) == [])
        let partial = try await firm.client.post("\(Self.items)/batch?partial=true", batch)
        #expect(partial.status == 200, "\(partial.text)")
        #expect(partial.json["items"]?.array?.map { $0["status"] } == [201, 409, 201])
        #expect(partial.json["items"]?[1]?["problem"]?["errors"]?[0]?["path"] == "/items/1/values/sku")
        #expect(try await names(firm) == ["A", "C"])
        let gone: JSONValue = [
            "items": [item("D"), ["op": "archive", "id": .string(UUID().uuidString.lowercased()), "version": 1]]
        ]
        let missing = try await firm.client.post("\(Self.items)/batch", gone)
        #expect(missing.status == 404 && missing.json["errors"]?[0]?["path"] == "/items/1", "\(missing.text)")
        #expect(try await names(firm) == ["A", "C"])
    }

    @Test func `what a batch can't be is refused with every item at fault`() async throws {
        let firm = try await firm()
        let path = "\(Self.items)/batch"
        let bad: JSONValue = [
            "items": [
                ["op": "create", "values": ["name": "", "unit_price_minor": 1]],
                ["op": "create", "values": ["name": "A", "unit_price_minor": 1, "version": 3]],
            ]
        ]
        let values = try await firm.client.post(path, bad)
        #expect(values.status == 422)
        #expect(
            values.json["errors"]?.array?.map { $0["path"] } == ["/items/0/values/name", "/items/1/values/version"])
        let partial = try await firm.client.post("\(path)?partial=true", bad)
        #expect(partial.json["items"]?.array?.map { $0["status"] } == [422, 422], "\(partial.text)")
        let shapes: [JSONValue] = [
            [:], ["items": []], ["items": "x"], ["items": [5]], ["items": [["op": "delete"]]],
            ["items": [["op": "update", "values": [:]]]], ["items": [["op": "create", "values": [:], "id": "x"]]],
            ["items": [["op": "transition", "id": .string(UUID().uuidString), "action": "close"]]],
            ["items": .array(Array(repeating: item("x"), count: 101))], ["items": [item("x")], "more": 1],
        ]
        for shape in shapes {
            let answer = try await firm.client.post(path, shape)
            #expect(answer.status == 422, "\(shape.text): \(answer.text)")
            #expect(answer.json["errors"]?[0]?["path"]?.string?.hasPrefix("/") == true)
        }
        #expect(try await firm.client.post("\(path)?partial=maybe", ["items": [item("x")]]).status == 422)
        #expect(try await names(firm) == [])
        let full = try await firm.client.post(
            path, ["items": .array((0..<100).map { item("\($0)") })], headers: ["Idempotency-Key": "all"])
        let again = try await firm.client.post(
            path, ["items": .array((0..<100).map { item("\($0)") })], headers: ["Idempotency-Key": "all"])
        #expect(full.status == 200 && again.bytes == full.bytes)
        #expect(try await names(firm).count == 100)
    }

    @Test func `a record is made or changed by its external id`() async throws {
        let firm = try await firm()
        let path = "\(Self.customers)/external/crm%2F7%20%C3%A4"
        let made = try await firm.client.send(
            "PUT", path, body: (["display_name": "Ada", "phone": "+14155550100"] as JSONValue).utf8, headers: [:])
        #expect(made.status == 201, "\(made.text)")
        #expect(made.json["external_id"] == "crm/7 ä")
        #expect(made.header("Location") == "\(Self.customers)/\(made.json["id"]?.string ?? "")")
        let changed = try await firm.client.send(
            "PUT", path, body: (["display_name": "Ada L."] as JSONValue).utf8, headers: ["If-Match": "\"1\""])
        #expect(changed.status == 200 && changed.header("ETag") == "\"2\"", "\(changed.text)")
        #expect(changed.json["id"] == made.json["id"])
        #expect(changed.json["phone"] == "+14155550100", "what isn't sent stays")
        let stale = try await firm.client.send(
            "PUT", path, body: (["display_name": "Eve"] as JSONValue).utf8, headers: ["If-Match": "\"1\""])
        #expect(stale.status == 412)
        for (body, fault) in [
            (["display_name": "E", "external_id": "other"], "/external_id"),
            (["display_name": "E", "version": 9], "/version"),
            (["phone": "+14155550100"], "/display_name"),
        ] as [(JSONValue, String)] {
            let answer = try await firm.client.send("PUT", path, body: body.utf8, headers: [:])
            #expect(answer.status == 422 && answer.json["errors"]?[0]?["path"] == .string(fault), "\(answer.text)")
        }
        let long = String(repeating: "x", count: 201)
        let name = (["display_name": "E"] as JSONValue).utf8
        for segment in [long, "%", "%00", "%FF"] {
            let answer = try await firm.client.send(
                "PUT", "\(Self.customers)/external/\(segment)", body: name, headers: [:])
            #expect(answer.status == 404, "\(segment): \(answer.text)")
        }
    }

    @Test func `many at once with one external id make one record`() async throws {
        let firm = try await firm()
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for number in 0..<16 {
                group.addTask {
                    try await firm.client.send(
                        "PUT", "\(Self.customers)/external/one",
                        body: (["display_name": .string("N\(number)")] as JSONValue).utf8, headers: [:])
                }
            }
            return try await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        #expect(answers.filter { $0.status == 201 }.count == 1)
        #expect(answers.filter { $0.status == 200 }.count == 15, "\(answers.map(\.text))")
        let all = try await firm.client.get(Self.customers).json["data"]?.array ?? []
        #expect(all.count == 1 && all.first?["version"] == 16)
    }
}
