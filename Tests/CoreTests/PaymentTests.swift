import CoreLogic
import PluginAPI
import PluginAPITesting
import Testing

struct PaymentTests {
    @Test func `two parts pay an invoice`() async throws {
        let shop = try Shop()
        let invoice = try await shop.issued(priceMinor: 500)
        let first = try await shop.pay(invoice, amountMinor: 200)
        #expect(first.status == .captured)
        #expect(first.currency == "USD")
        #expect(try shop.current(invoice).status == .partiallyPaid)
        #expect(try shop.current(invoice).balanceMinor == 300)

        _ = try await shop.pay(invoice, amountMinor: 300)
        #expect(try shop.current(invoice).status == .paid)
        #expect(try shop.current(invoice).balanceMinor == 0)
        #expect(shop.business.records("core.allocation").map { $0["amount_minor"] } == [.int(200), .int(300)])
        #expect(shop.business.events.map(\.name) == ["core.invoice.issued", "core.invoice.paid"])
    }

    @Test func `more than the balance is refused and changes nothing`() async throws {
        let shop = try Shop()
        let invoice = try await shop.issued(priceMinor: 500)
        _ = try await shop.pay(invoice, amountMinor: 200)
        let refusal = await #expect(throws: Refusal.self) { try await shop.pay(invoice, amountMinor: 301) }
        #expect(refusal?.code == "overpayment")
        #expect(refusal?.details == ["balance_minor": .int(300)])
        #expect(shop.business.records("core.payment").count == 1)
    }

    @Test func `drafts, paid and void invoices take no payment`() async throws {
        let shop = try Shop()
        let draft = try await shop.createInvoice([Shop.line(priceMinor: 500)])
        let paid = try await shop.issued(priceMinor: 500)
        _ = try await shop.pay(paid, amountMinor: 500)
        let void = try await shop.issued(priceMinor: 500)
        try shop.business.transition("core.invoice", void.id, "void", reason: "Twice")
        for invoice in [draft, paid, void] {
            let refusal = await #expect(throws: Refusal.self) { try await shop.pay(invoice, amountMinor: 1) }
            #expect(refusal?.code == "not_payable")
        }
    }
}
