import PluginAPI

/// The lines of a work order with terms and amounts, before they are stored.
struct OrderLines {
    /// What all lines together come to.
    let totals: DocumentTotals

    private let requests: [LineRequest]
    private let terms: [LineTerms]

    /// Completes lines from the catalogue and adds them up.
    ///
    /// - Throws: `validation_failed` at `/lines/N/…` or `/discount_minor`, `amount_overflow`, `not_found`.
    init(
        _ requests: [LineRequest], for party: Core.Party, discountMinor: Int64, taxRounding: WorkOrder.TaxRounding,
        in store: Store
    ) async throws(Refusal) {
        var terms: [LineTerms] = []
        for (index, request) in requests.enumerated() {
            let item = try await Self.catalogueTerms(of: request.item, in: store)
            let complete = try LineTerms(request.stated, copyingFrom: item, line: index)
            terms.append(party.taxExempt ? complete.untaxed() : complete)
        }
        self.requests = requests
        self.terms = terms
        totals = try DocumentTotals(
            of: zip(terms, requests).map { $0.line(quantityMilli: $1.qtyMilli) }, discountMinor: discountMinor,
            taxRounding: taxRounding.rule)
    }

    /// Stores the lines under their order.
    func create(in order: WorkOrder, _ store: Store) async throws(Refusal) {
        for index in requests.indices {
            _ = try await store.create(
                WorkOrderLineDraft(
                    requests[index], of: order, at: index, terms: terms[index], amounts: totals.lines[index]))
        }
    }

    private static func catalogueTerms(
        of item: Reference<Core.Item>?, in store: Store
    ) async throws(Refusal) -> LineTerms? {
        guard let item else { return nil }
        return try await store.read(item).terms
    }
}

extension WorkOrderLineDraft {
    /// A line with the terms and amounts that it keeps.
    fileprivate init(
        _ request: LineRequest, of order: WorkOrder, at index: Int, terms: LineTerms, amounts: LineTotals
    ) {
        self.init(
            workOrder: order.reference, position: Int64(index) + 1, kind: request.kind, item: request.item,
            description: terms.description, qtyMilli: request.qtyMilli, unitPriceMinor: terms.price.minor,
            priceScale: terms.price.scale, taxRatePpm: terms.taxRate.ppm, discountMinor: amounts.discountMinor,
            netMinor: amounts.netMinor, taxMinor: amounts.taxMinor, totalMinor: amounts.totalMinor)
    }
}
