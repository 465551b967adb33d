import HomeServicesLogic
import PluginAPI
import PluginAPITesting
import Testing

struct WorkOrderDayTests {
    @Test func `an order goes from the call to the paid invoice`() async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.createOrder(firm.threeLines, discountMinor: 2_000, expectedTotalMinor: 29_565)
        #expect(order.status == .draft)
        #expect(order.number == "WO-000001")
        #expect(order.totalMinor == 29_565)

        let start = Timestamp(microseconds: 1_795_420_800_000_000)
        let scheduled = try await firm.schedule(order, from: start)
        #expect(scheduled.status == .scheduled)
        #expect(scheduled.endsAt == Timestamp(microseconds: start.microseconds + 7_200_000_000))

        try firm.start(scheduled)
        let completed = try await firm.complete(scheduled)
        #expect(completed.status == .completed)
        #expect(completed.completedAt == firm.business.now)

        let invoiced = try await firm.invoice(completed)
        #expect(invoiced.status == .invoiced)
        #expect(try await firm.pay(invoiced, amountMinor: 10_000).status == .invoiced)
        #expect(try await firm.pay(invoiced, amountMinor: 19_565).status == .paid)
        #expect(
            firm.business.events.map(\.name) == [
                "hs.work_order.completed", "core.invoice.issued", "core.invoice.paid",
            ])
    }

    @Test func `the invoice has the order's lines and amounts`() async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.createOrder(firm.threeLines, discountMinor: 2_000)
        try firm.start(try await firm.schedule(order, from: Timestamp(microseconds: 0)))
        let invoiced = try await firm.invoice(try await firm.complete(order))

        let reference = try #require(invoiced.invoice)
        let invoice = try #require(firm.business.record("core.invoice", reference.id))
        #expect(invoice["number"] == .text("INV-000001"))
        #expect(invoice["source"] == .id(order.id))
        for amount in ["subtotal_minor", "discount_minor", "tax_minor", "total_minor", "tax_rounding", "party"] {
            #expect(invoice[amount] == invoiced.fields.record[amount], "\(amount)")
        }
        let billed = firm.business.records("core.invoice_line")
        let done = firm.business.records("hs.work_order_line")
        for field in [
            "position", "item", "description", "qty_milli", "unit_price_minor", "discount_minor", "total_minor",
        ] {
            #expect(billed.map { $0[field] } == done.map { $0[field] }, "\(field)")
        }
    }

    @Test func `new lines replace the old ones and their amounts`() async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.createOrder(firm.threeLines, discountMinor: 2_000)
        let changed = try await firm.setLines(
            [.init(description: "Inspection", qtyMilli: 1_000, unitPriceMinor: 4_900)], of: order)
        #expect(changed.totalMinor == 4_900)
        #expect(changed.discountMinor == 0)
        #expect(firm.business.records("hs.work_order_line").map { $0["description"] } == [.text("Inspection")])
    }

    @Test func `name, price and tax are copied from the catalogue`() async throws {
        let firm = try PlumbingFirm()
        _ = try await firm.createOrder(firm.threeLines)
        let line = try #require(firm.business.records("hs.work_order_line").dropFirst().first)
        #expect(line["description"] == .text("Copper pipe"))
        #expect(line["unit_price_minor"] == .int(3_333))
        #expect(line["tax_rate_ppm"] == .int(82_500))
    }

    @Test func `an exempt customer is billed without tax`() async throws {
        let firm = try PlumbingFirm(customer: ["tax_exempt": .bool(true)])
        let order = try await firm.complete(try await firm.started())
        #expect(order.taxMinor == 0)
        #expect(try await firm.invoice(order).totalMinor == 29_667)
    }
}
