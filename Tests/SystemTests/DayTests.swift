import HostModel
import Testing

/// The first day of a plumbing firm, over HTTP, against the real binary.
struct DayTests {
    @Test func `a work order goes from sign-up to paid`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let labour = try await item(of: firm, "Labour", price: 9_500, tax: 0)
        let trap = try await item(of: firm, "P-trap", price: 1_299, tax: 88_750)
        let sealant = try await item(of: firm, "Sealant", price: 333, tax: 88_750)
        var order = try await firm.workOrder(lines: [
            ["item_id": labour, "qty_milli": 1_500],
            ["item_id": trap, "qty_milli": 1_000, "kind": "material"],
            ["item_id": sealant, "qty_milli": 3_000, "kind": "material"],
        ])
        // 142.50 labour, 12.99 and 9.99 material; 8.875 % of 22.98 is 2.04 on the document.
        #expect(order["subtotal_minor"] == 16_548)
        #expect(order["tax_minor"] == 204)
        #expect(order["total_minor"] == 16_752)
        #expect(order["number"] == "WO-000001")
        #expect(order["lines"]?.array?.count == 3)
        #expect(order["status"] == "draft")
        #expect(order["_actions"]?.array?.map { $0["name"] } == ["schedule", "cancel"])

        order = try await step(firm, "schedule", order, ["starts_at": "2026-11-23T14:00:00Z"], to: "scheduled")
        order = try await step(firm, "start", order, to: "in_progress")
        order = try await step(
            firm, "complete", order, ["resolution": "Replaced the trap and sealed it."], to: "completed")
        order = try await step(firm, "invoice", order, to: "invoiced")

        let invoiceID = try #require(order["invoice_id"]?.string)
        let invoice = try await firm.client.get("\(Firm.core)/invoices/\(invoiceID)").json
        #expect(invoice["number"] == "INV-000001")
        #expect(invoice["status"] == "issued")
        #expect(invoice["total_minor"] == order["total_minor"])
        #expect(invoice["lines"]?.array?.count == 3)

        order = try await step(firm, "pay", order, ["amount_minor": 10_000, "method": "card"], to: "invoiced")
        order = try await step(firm, "pay", order, ["amount_minor": 6_752, "method": "cash"], to: "paid")
        let paid = try await firm.client.get("\(Firm.core)/invoices/\(invoiceID)").json
        #expect(paid["status"] == "paid")
        #expect(paid["balance_minor"] == 0)

        try await expectStory(of: order, firm)
    }

    @Test func `invoice numbers have no gap, also when an issue fails or several run at once`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let customer = try await firm.customer()
        let draft: JSONValue = [
            "party_id": customer["id"] ?? .null,
            "lines": [["description": "Visit", "qty_milli": 1_000, "unit_price_minor": 5_000]],
        ]
        var invoices: [String] = []
        for _ in 0..<8 {
            let invoice = try await firm.make("\(Firm.core)/invoices", draft)
            #expect(invoice["number"] == .null)
            invoices.append(try #require(invoice["id"]?.string))
        }
        let free = try await firm.make(
            "\(Firm.core)/invoices",
            [
                "party_id": customer["id"] ?? .null,
                "lines": [["description": "Favour", "qty_milli": 1_000, "unit_price_minor": 0]],
            ])
        let refused = try await issue(try #require(free["id"]?.string), firm)
        #expect(refused.status == 409)
        #expect(refused.code == "empty_document")
        let numbers = try await withThrowingTaskGroup(of: String?.self) { group in
            for id in invoices { group.addTask { try await issue(id, firm).json["number"]?.string } }
            return try await group.reduce(into: []) { $0.append($1 ?? "none") }
        }
        #expect(numbers.sorted() == (1...8).map { "INV-00000\($0)" })
    }

    private func issue(_ id: String, _ firm: Firm) async throws -> Answer {
        try await firm.client.post("\(Firm.core)/invoices/\(id)/actions/issue")
    }

    private func item(of firm: Firm, _ name: String, price: Int64, tax: Int64) async throws -> JSONValue {
        let item = try await firm.make(
            "\(Firm.core)/items",
            ["name": .string(name), "unit_price_minor": .int(price), "tax_rate_ppm": .int(tax)])
        return try #require(item["id"])
    }

    private func step(
        _ firm: Firm, _ action: String, _ order: JSONValue, _ body: JSONValue = [:], to status: String
    ) async throws -> JSONValue {
        let answer = try await firm.act(action, on: order, body)
        #expect(answer.status == 200, "\(action): \(answer.text)")
        #expect(answer.json["status"]?.string == status, "\(action)")
        let read = try await firm.client.get("\(Firm.hs)/work-orders/\(order["id"]?.string ?? "")")
        #expect(read.json == answer.json, "an operation answers with what a read would")
        return answer.json
    }

    /// The audit entries of the order, in the order they happened, by its owner.
    private func expectStory(of order: JSONValue, _ firm: Firm) async throws {
        let id = try #require(order["id"]?.string)
        let answer = try await firm.client.get("/api/platform/app/v1/audit?record_id=\(id)")
        let entries = try #require(answer.json["data"]?.array, "\(answer.text)")
        let steps = entries.compactMap { $0["action"]?.string }.filter { !$0.hasSuffix(".update") }
        #expect(
            steps == ["create", "schedule", "start", "complete", "invoice", "pay"].map { "hs.work_order.\($0)" })
    }
}
