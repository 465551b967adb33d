import CoreLogic
import PluginAPI
import PluginAPITesting
import Testing

struct InvoiceTests {
    @Test func `a draft has totals and lines, but no number and nothing to pay`() async throws {
        let shop = try Shop()
        let invoice = try await shop.createInvoice([
            CreateInvoice.Line(item: shop.pipe, qtyMilli: 2_000), Shop.line(priceMinor: 500),
        ])
        #expect(invoice.status == .draft)
        #expect(invoice.number == nil)
        #expect(invoice.partyName == "Ada Lovelace")
        #expect(invoice.currency == "USD")
        #expect(invoice.subtotalMinor == 7_166)
        #expect(invoice.taxMinor == 550)
        #expect(invoice.totalMinor == 7_716)
        #expect(invoice.balanceMinor == 0)
        let lines = shop.business.records("core.invoice_line")
        #expect(lines.map { $0["position"] } == [.int(1), .int(2)])
        #expect(lines.map { $0["description"] } == [.text("Copper pipe"), .text("Work")])
        #expect(lines.map { $0["total_minor"] } == [.int(7_216), .int(500)])
    }

    @Test func `an exempt customer pays no tax`() async throws {
        let shop = try Shop(customer: ["tax_exempt": .bool(true)])
        let invoice = try await shop.createInvoice([CreateInvoice.Line(item: shop.pipe, qtyMilli: 1_000)])
        #expect(invoice.taxMinor == 0)
        #expect(shop.business.records("core.invoice_line").map { $0["tax_rate_ppm"] } == [.int(0)])
    }

    @Test func `another total than the expected one is refused and nothing is left`() async throws {
        let shop = try Shop()
        await #expect(throws: Refusal.totalMismatch(expected: 499, got: 500)) {
            try await shop.createInvoice([Shop.line(priceMinor: 500)], expectedTotalMinor: 499)
        }
        #expect(shop.business.records("core.invoice").isEmpty)
        #expect(shop.business.records("core.invoice_line").isEmpty)
    }

    @Test func `a line without item, description or price is refused at its place`() async throws {
        let shop = try Shop()
        await #expect(throws: Refusal.invalid("/lines/1/description", code: "required")) {
            try await shop.createInvoice([Shop.line(priceMinor: 1), CreateInvoice.Line(qtyMilli: 1_000)])
        }
    }

    @Test func `an amount beyond 64 bits is refused`() async throws {
        let shop = try Shop()
        await #expect(throws: Refusal.amountOverflow) {
            try await shop.createInvoice([Shop.line(priceMinor: .max, qtyMilli: 2_000)])
        }
    }

    @Test func `an unknown item is refused`() async throws {
        let shop = try Shop()
        let nothing = Reference<Item>(RecordID(high: 9, low: 9))
        let refusal = await #expect(throws: Refusal.self) {
            try await shop.createInvoice([CreateInvoice.Line(item: nothing, qtyMilli: 1_000)])
        }
        #expect(refusal?.code == "not_found")
    }

    @Test func `issue gives number, dates and balance`() async throws {
        let shop = try Shop()
        let first = try await shop.issued(priceMinor: 500)
        #expect(first.status == .issued)
        #expect(first.number == "INV-000001")
        #expect(first.issueDate == LocalDate("2026-11-22"))
        #expect(first.dueDate == LocalDate("2026-12-06"))
        #expect(first.balanceMinor == 500)
        #expect(shop.business.events.map(\.name) == ["core.invoice.issued"])
    }

    @Test func `numbers have no gap where an issue was refused`() async throws {
        let shop = try Shop()
        let empty = try await shop.createInvoice([])
        let free = try await shop.createInvoice([Shop.line(priceMinor: 0)])
        for invoice in [empty, free] {
            let refusal = await #expect(throws: Refusal.self) { try await shop.issue(invoice) }
            #expect(refusal?.code == "empty_document")
        }
        let issued = try await shop.issued(priceMinor: 500)
        let again = await #expect(throws: Refusal.self) { try await shop.issue(issued) }
        #expect(again?.code == "invalid_transition")
        #expect(try await shop.issued(priceMinor: 500).number == "INV-000002")
    }
}
