import HostModel
import Testing

/// What the documents of the committed plugins show beside themselves.
struct IncludeTests {
    @Test func `a work order shows its customer, place, invoice and the lines' items`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let item = try await firm.make("\(Firm.core)/items", ["name": "Trap", "unit_price_minor": 2_500])
        let order = try await firm.workOrder(lines: [["item_id": item["id"] ?? .null, "qty_milli": 1_000]])
        let id = try #require(order["id"]?.string)
        let include = "include=party,service_location.party,invoice,lines.item"
        let read = try await firm.client.get("\(Firm.hs)/work-orders/\(id)?\(include)")
        let page = try await firm.client.get("\(Firm.hs)/work-orders?\(include)&q=sink&fields=number,party")
        for record in [read.json, page.json["data"]?[0] ?? .null] {
            #expect(record["party"]?["display_name"] == "Ada Lovelace", "\(read.text)\(page.text)")
            #expect(record["service_location"]?["line1"] == "12 Water Street")
            #expect(record["service_location"]?["party"]?["id"] == order["party_id"])
            #expect(record["invoice"] == .null)
            #expect(record["lines"]?.array?.map { $0["item"]?["name"] } == ["Trap"])
        }
        let places = try await firm.client.get("\(Firm.hs)/service-locations?include=party")
        #expect(places.json["data"]?[0]?["party"]?["display_name"] == "Ada Lovelace")
        let unknown = try await firm.client.get("\(Firm.hs)/work-orders?include=created_by")
        #expect(unknown.status == 422)
    }

    @Test func `an invoice shows its customer, a payment what it pays`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let customer = try await firm.customer()
        let invoice = try await firm.make(
            "\(Firm.core)/invoices",
            [
                "party_id": customer["id"] ?? .null,
                "lines": [["description": "Visit", "qty_milli": 1_000, "unit_price_minor": 5_000]],
            ])
        let id = try #require(invoice["id"]?.string)
        let issued = try await firm.client.post("\(Firm.core)/invoices/\(id)/actions/issue")
        #expect(issued.status == 200, "\(issued.text)")
        let number = try #require(issued.json["number"]?.string)
        let paid = try await firm.client.post(
            "\(Firm.core)/payments", ["invoice_id": .string(id), "amount_minor": 5_000, "method": "cash"])
        #expect(paid.status == 201, "\(paid.text)")
        // A number is found without its zeros, as it was given only when the invoice was issued.
        let found = try await firm.client.get("\(Firm.core)/invoices?q=inv%201&include=party,lines")
        #expect(found.json["data"]?[0]?["number"]?.string == number, "\(found.text)")
        #expect(found.json["data"]?[0]?["party"]?["display_name"] == "Ada Lovelace")
        let payments = try await firm.client.get("\(Firm.core)/payments?include=party,allocations.invoice")
        #expect(
            payments.json["data"]?[0]?["allocations"]?[0]?["invoice"]?["number"]?.string == number, "\(payments.text)")
    }
}
