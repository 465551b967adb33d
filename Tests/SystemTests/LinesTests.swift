import Foundation
import HostModel
import Testing

/// Documents with their lines in one request, on the real binary.
struct LinesTests {
    private static let orders = "/api/sales/app/v1/orders"

    private func firm() async throws -> Firm {
        try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
    }

    private func line(_ name: String) -> JSONValue { ["name": .string(name), "unit_price_minor": 500] }

    private func line(_ name: String, _ externalID: String, _ quantity: Int64) -> JSONValue {
        [
            "name": .string(name), "external_id": .string(externalID), "unit_price_minor": 500,
            "qty_milli": .int(quantity),
        ]
    }

    private func names(_ order: JSONValue) -> [String?] { order["lines"]?.array?.map { $0["name"]?.string } ?? [] }

    @Test func `an order comes with its lines, and the version covers them`() async throws {
        let firm = try await firm()
        let item = try await firm.make("\(Firm.core)/items", ["name": "Washer", "unit_price_minor": 10])
        let order = try await firm.make(
            Self.orders,
            ["title": "Roof", "lines": [["name": "Tile", "item_id": item["id"] ?? .null], line("Nail")]])
        let path = "\(Self.orders)/\(try #require(order["id"]?.string))"
        #expect(order["number"] == "SO-000001" && names(order) == ["Tile", "Nail"])
        #expect(order["lines"]?[0]?["qty_milli"] == 1000, "defaults are filled in")
        #expect(order["_actions"]?.array?.map { $0["name"] } == ["place"])
        #expect(try await firm.client.get(path).json == order)
        let nail = order["lines"]?[1]?["id"] ?? .null
        let changed = try await firm.client.patch(
            path, ["lines": [["id": nail, "qty_milli": 3000], line("Gutter")]], version: 1)
        #expect(changed.status == 200 && changed.header("ETag") == "\"2\"", "\(changed.text)")
        #expect(names(changed.json) == ["Nail", "Gutter"] && changed.json["title"] == "Roof")
        #expect(changed.json["lines"]?[0]?["unit_price_minor"] == 500, "what isn't sent of a line stays")
        let stale = try await firm.client.patch(path, ["lines": []], version: 1)
        #expect(stale.status == 412 && stale.json["current_version"] == 2)
        // Other changes leave the lines alone.
        let titled = try await firm.client.patch(path, ["title": "New roof"], version: 2)
        #expect(titled.json["lines"] == changed.json["lines"])
        // Lines have routes of their own only to be read.
        let lines = "/api/sales/app/v1/order-lines"
        #expect(try await firm.client.get("\(lines)?filter[order]=\(order["id"]?.string ?? "")").status == 200)
        #expect(try await firm.client.post(lines, line("Lone")).status == 405)
        #expect(try await firm.client.patch("\(lines)/\(nail.string ?? "")", ["name": "x"], version: 2).status == 405)
    }

    @Test func `what lines can't be is refused at the line, and nothing is kept`() async throws {
        let firm = try await firm()
        let cases: [(lines: JSONValue, path: String, code: String)] = [
            ([line("A"), ["name": "B", "qty_milli": 0]], "/lines/1/qty_milli", "min"),
            ([["qty_milli": 1]], "/lines/0/name", "required"),
            ([["name": "A", "colour": "red"]], "/lines/0/colour", "unknown_field"),
            ([["name": "A", "position": 7]], "/lines/0/position", "read_only"),
            ([["name": "A", "order_id": .string(UUID().uuidString)]], "/lines/0/order_id", "unknown_field"),
            ([["name": "A", "version": 1]], "/lines/0/version", "read_only"),
            ([["name": "A", "pin": "•••"]], "/lines/0/pin", "masked"),
            ([5], "/lines/0", "type"), ("x", "/lines", "type"), (JSONValue.null, "/lines", "type"),
            (.array(Array(repeating: line("A"), count: 201)), "/lines", "max"),
            (
                [["name": "A", "item_id": .string(UUID().uuidString.lowercased())]], "/lines/0/item_id",
                "unknown_reference"
            ),
        ]
        for test in cases {
            let answer = try await firm.client.post(Self.orders, ["title": "T", "lines": test.lines])
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?[0]?["path"] == .string(test.path), "\(answer.text)")
            #expect(answer.json["errors"]?[0]?["code"] == .string(test.code), "\(answer.text)")
        }
        #expect(try await firm.client.get(Self.orders).json["data"] == [])
        let other = try await self.firm()
        let theirs = try await other.make(Self.orders, ["title": "Theirs", "lines": [line("Secret")]])
        let foreign = theirs["lines"]?[0]?["id"] ?? .null
        let mine = try await firm.make(Self.orders, ["title": "Mine"])
        let taken = try await firm.client.patch(
            "\(Self.orders)/\(mine["id"]?.string ?? "")", ["lines": [["id": foreign, "name": "Mine"]]], version: 1)
        #expect(taken.status == 422 && taken.json["errors"]?[0]?["path"] == "/lines/0/id", "\(taken.text)")
        #expect(try await other.client.get("\(Self.orders)/\(theirs["id"]?.string ?? "")").json == theirs)
    }

    @Test func `a batch, an external id and a repeated request take lines as well`() async throws {
        let firm = try await firm()
        let body: JSONValue = ["title": "Once", "lines": [line("A"), line("B")]]
        let key = ["Idempotency-Key": "lines-1"]
        let first = try await firm.client.post(Self.orders, body, headers: key)
        let again = try await firm.client.post(Self.orders, body, headers: key)
        #expect(first.status == 201 && again.bytes == first.bytes)
        #expect(again.header("Idempotency-Replayed") == "true")
        let lines = try await firm.client.get("/api/sales/app/v1/order-lines")
        #expect(lines.json["data"]?.array?.count == 2)

        let id = first.json["id"] ?? .null
        let batch: JSONValue = [
            "items": [
                ["op": "create", "values": ["title": "Second", "lines": [line("C")]]],
                [
                    "op": "update", "id": id, "version": 1,
                    "values": ["lines": [line("D"), ["name": "E", "code": "1"]]],
                ],
                ["op": "update", "id": id, "version": 2, "values": ["lines": [["name": "F", "item_id": id]]]],
            ]
        ]
        let refused = try await firm.client.post("\(Self.orders)/batch", batch)
        #expect(refused.json["errors"]?[0]?["path"] == "/items/2/values/lines/0/item_id", "\(refused.text)")
        let partial = try await firm.client.post("\(Self.orders)/batch?partial=true", batch)
        #expect(partial.json["items"]?.array?.map { $0["status"] } == [201, 200, 422], "\(partial.text)")
        #expect(names(partial.json["items"]?[1]?["record"] ?? .null) == ["D", "E"])

        let path = "\(Self.orders)/external/shop-1"
        var order: JSONValue = ["title": "Shop", "lines": [line("G", "g", 5000)]]
        let made = try await firm.client.send("PUT", path, body: order.utf8, headers: [:])
        #expect(made.status == 201, "\(made.text)")
        order = ["title": "Shop", "lines": [line("H"), ["external_id": "g", "unit_price_minor": 7]]]
        let changed = try await firm.client.send("PUT", path, body: order.utf8, headers: [:])
        #expect(changed.status == 200 && names(changed.json) == ["H", "G"], "\(changed.text)")
        #expect(changed.json["lines"]?[1]?["id"] == made.json["lines"]?[0]?["id"])
        #expect(changed.json["lines"]?[1]?["qty_milli"] == 5000, "a default takes nothing's place")
    }
}
