import CoreLogic
import PluginAPI
import PluginAPITesting

/// A business with a customer and an item, ready to invoice.
struct Shop {
    let business: TestBusiness
    let customer: Reference<Party>
    let pipe: Reference<Item>

    init(customer: Record = [:]) throws {
        business = TestBusiness([TestPlugin(CoreDispatch(handlers: Core()), entities: CoreEntities.all)])
        let fields: Record = ["display_name": .text("Ada Lovelace"), "payment_terms_days": .int(14)]
        self.customer = Reference(
            try business.add("core.party", Record(fields.values.merging(customer.values) { $1 })))
        pipe = Reference(
            try business.add(
                "core.item",
                [
                    "name": .text("Copper pipe"), "unit_price_minor": .int(3_333), "price_scale": .int(0),
                    "tax_rate_ppm": .int(82_500),
                ]))
    }

    func createInvoice(
        _ lines: [CreateInvoice.Line], discountMinor: Int64 = 0, expectedTotalMinor: Int64? = nil
    ) async throws -> Invoice {
        let input = CreateInvoice(
            party: customer, discountMinor: discountMinor, expectedTotalMinor: expectedTotalMinor, lines: lines)
        return try Self.invoice(try await business.perform("core.createInvoice", input.record))
    }

    func issue(_ invoice: Invoice) async throws -> Invoice {
        let input = IssueInvoice(id: invoice.reference)
        return try Self.invoice(try await business.perform("core.issueInvoice", input.record))
    }

    func pay(_ invoice: Invoice, amountMinor: Int64) async throws -> Payment {
        let input = RecordPayment(invoice: invoice.reference, amountMinor: amountMinor, method: .card)
        let output = try await business.perform("core.recordPayment", input.record)
        return Payment(fields: try Fields(Record(value: output) ?? [:]))
    }

    /// An issued invoice over one line of this price.
    func issued(priceMinor: Int64) async throws -> Invoice {
        try await issue(try await createInvoice([Self.line(priceMinor: priceMinor)]))
    }

    func current(_ invoice: Invoice) throws -> Invoice {
        Invoice(fields: try Fields(business.record("core.invoice", invoice.id) ?? [:]))
    }

    static func line(priceMinor: Int64, qtyMilli: Int64 = 1_000) -> CreateInvoice.Line {
        CreateInvoice.Line(description: "Work", qtyMilli: qtyMilli, unitPriceMinor: priceMinor)
    }

    private static func invoice(_ output: Value) throws -> Invoice {
        Invoice(fields: try Fields(Record(value: output) ?? [:]))
    }
}
