import HostModel
import Testing

/// A second firm sees and changes nothing of the first, whatever it asks.
struct IsolationTests {
    @Test func `another firm's records are not there by id, list, filter or cursor`() async throws {
        let (first, second) = try await twoFirms()
        let order = try await first.workOrder()
        let id = try #require(order["id"]?.string)
        let before = try await first.client.get("\(Firm.hs)/work-orders/\(id)").text

        let paths = ["work-orders/\(id)", "customers/\(order["party_id"]?.string ?? "")"]
        for path in paths {
            let answer = try await second.client.get("\(Firm.hs)/\(path)")
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
        for path in ["work-orders", "customers", "service-locations", "work-order-lines"] {
            let answer = try await second.client.get("\(Firm.hs)/\(path)")
            #expect(answer.json["data"] == [], "\(path): \(answer.text)")
        }
        let party = order["party_id"]?.string ?? ""
        let filtered = try await second.client.get("\(Firm.hs)/work-orders?filter[party_id]=\(party)")
        #expect(filtered.json["data"] == [])
        #expect(try await second.client.get("/api/platform/app/v1/audit?record_id=\(id)").json["data"] == [])
        #expect(try await first.client.get("\(Firm.hs)/work-orders/\(id)").text == before)
    }

    @Test func `another firm's cursor is refused`() async throws {
        let (first, second) = try await twoFirms()
        for name in ["One", "Two", "Three"] { _ = try await first.customer(name) }
        let page = try await first.client.get("\(Firm.hs)/customers?limit=1")
        let cursor = try #require(page.json["page"]?["next"]?.string)
        #expect(try await first.client.get("\(Firm.hs)/customers?limit=1&cursor=\(cursor)").status == 200)
        let answer = try await second.client.get("\(Firm.hs)/customers?limit=1&cursor=\(cursor)")
        #expect(answer.code == "invalid_cursor")
        #expect(answer.status == 400)
    }

    @Test func `another firm's ids in a body change nothing`() async throws {
        let (first, second) = try await twoFirms()
        let customer = try await first.customer()
        let location = try await first.location(of: customer)
        let own = try await second.customer()
        let order: JSONValue = [
            "party_id": own["id"] ?? .null, "service_location_id": location["id"] ?? .null, "summary": "Not mine",
        ]
        let answers = [
            try await second.client.post(
                "\(Firm.hs)/service-locations",
                ["party_id": customer["id"] ?? .null, "line1": "1 Main Street", "country": "US"]),
            try await second.client.post("\(Firm.hs)/work-orders", order),
            try await second.client.post(
                "\(Firm.core)/payments",
                ["invoice_id": customer["id"] ?? .null, "amount_minor": 1, "method": "cash"]),
        ]
        for answer in answers { #expect([404, 422].contains(answer.status), "\(answer.text)") }
        #expect(try await second.client.get("\(Firm.hs)/service-locations").json["data"] == [])
        #expect(try await second.client.get("\(Firm.hs)/work-orders").json["data"] == [])
    }

    @Test func `another firm can't change, archive or move a record`() async throws {
        let (first, second) = try await twoFirms()
        let order = try await first.workOrder()
        let id = try #require(order["id"]?.string)
        let party = try #require(order["party_id"]?.string)
        let before = try await first.client.get("\(Firm.hs)/work-orders/\(id)").text
        let answers = [
            try await second.client.patch("\(Firm.hs)/work-orders/\(id)", ["summary": "Mine now"], version: 1),
            try await second.client.patch("\(Firm.hs)/customers/\(party)", ["display_name": "Mine"], version: 1),
            try await second.client.post(
                "\(Firm.hs)/customers/\(party)/actions/archive", [:], headers: ["If-Match": "\"1\""]),
            try await second.act("cancel", on: order, ["reason": "none of my business"]),
            try await second.act("schedule", on: order, ["starts_at": "2026-11-23T14:00:00Z"]),
            try await second.act("set-lines", on: order, ["lines": []]),
        ]
        for answer in answers {
            #expect(answer.status == 404, "\(answer.text)")
            #expect(answer.code == "not_found")
        }
        #expect(try await first.client.get("\(Firm.hs)/work-orders/\(id)").text == before)
    }

    private func twoFirms() async throws -> (Firm, Firm) {
        let baseURL = try await ThorbisServer.shared.value.baseURL
        return (try await Firm.signUp("First", at: baseURL), try await Firm.signUp("Second", at: baseURL))
    }
}
