import PluginAPI

extension InvoiceDraft {
    /// A draft for a party, with the party's name as it is now: documents don't follow later changes of a name.
    init(_ input: CreateInvoice, for party: Party, totals: DocumentTotals, currency: String) {
        self.init(
            party: party.reference, partyName: party.displayName, currency: currency,
            taxRounding: input.taxRounding, dueDate: input.dueDate, sourceEntity: input.sourceEntity,
            source: input.source, subtotalMinor: totals.subtotalMinor, discountMinor: totals.discountMinor,
            taxMinor: totals.taxMinor, totalMinor: totals.totalMinor)
    }
}

extension InvoiceLineDraft {
    /// A line with the terms and amounts that it keeps.
    init(_ input: CreateInvoice.Line, of invoice: Invoice, at index: Int, terms: LineTerms, amounts: LineTotals) {
        self.init(
            invoice: invoice.reference, position: Int64(index) + 1, item: input.item,
            description: terms.description, qtyMilli: input.qtyMilli, unitPriceMinor: terms.price.minor,
            priceScale: terms.price.scale, taxRatePpm: terms.taxRate.ppm, discountMinor: amounts.discountMinor,
            netMinor: amounts.netMinor, taxMinor: amounts.taxMinor, totalMinor: amounts.totalMinor)
    }
}
