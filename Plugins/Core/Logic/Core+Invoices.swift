public import PluginAPI

extension Core {
    /// Makes a draft invoice with its lines; amounts are computed here and nowhere else.
    public func createInvoice(_ input: CreateInvoice, _ call: Call) async throws(Refusal) -> Invoice {
        let party = try await call.store.read(input.party)
        let terms = try await LinePricing(for: party, in: call.store).terms(of: input.lines)
        let totals = try DocumentTotals(
            of: zip(terms, input.lines).map { $0.line(quantityMilli: $1.qtyMilli) },
            discountMinor: input.discountMinor, taxRounding: input.taxRounding.rule)
        try totals.check(expectedTotalMinor: input.expectedTotalMinor)

        let invoice = try await call.store.create(
            InvoiceDraft(input, for: party, totals: totals, currency: call.business.currency))
        for (index, line) in input.lines.enumerated() {
            _ = try await call.store.create(
                InvoiceLineDraft(line, of: invoice, at: index, terms: terms[index], amounts: totals.lines[index]))
        }
        return invoice
    }

    /// Gives a draft its number and its dates; from here on it can only be paid or voided.
    ///
    /// The number is taken last: its series is held for everyone until the operation ends.
    public func issueInvoice(_ input: IssueInvoice, _ call: Call) async throws(Refusal) -> Invoice {
        var invoice = try await call.store.locked(input.id)
        guard invoice.totalMinor > 0 else { throw .emptyDocument }
        if invoice.dueDate == nil {
            let party = try await call.store.read(invoice.party)
            invoice.dueDate = call.today.adding(days: Int(party.paymentTermsDays))
        }
        invoice.issueDate = call.today
        invoice.balanceMinor = invoice.totalMinor
        invoice.number = try await call.store.nextNumber("invoice")
        return try await call.store.transition(invoice, .issue)
    }
}
