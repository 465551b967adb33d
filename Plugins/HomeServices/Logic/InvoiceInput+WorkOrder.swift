import PluginAPI

extension Core.CreateInvoice {
    /// The invoice of an order: its lines one to one, its discount and its rounding, so its total.
    ///
    /// The order's total goes with it: should core ever come to another one, it refuses with `total_mismatch`
    /// instead of billing what the customer never saw.
    init(billing order: WorkOrder, _ lines: [WorkOrderLine], dueDate: LocalDate?) {
        self.init(
            party: order.party, dueDate: dueDate, taxRounding: order.taxRounding,
            discountMinor: order.discountMinor, expectedTotalMinor: order.totalMinor,
            sourceEntity: WorkOrder.entityName, source: order.id, lines: lines.map { Line(billing: $0) })
    }
}

extension Core.CreateInvoice.Line {
    fileprivate init(billing line: WorkOrderLine) {
        self.init(
            item: line.item, description: line.description, qtyMilli: line.qtyMilli,
            unitPriceMinor: line.unitPriceMinor, priceScale: line.priceScale, taxRatePpm: line.taxRatePpm)
    }
}

extension Core.RecordPayment {
    /// A payment of the order's invoice, as it was given for the order.
    init(paying invoice: Reference<Core.Invoice>, _ input: PayWorkOrder) {
        self.init(
            invoice: invoice, amountMinor: input.amountMinor, method: input.method, tipMinor: input.tipMinor,
            receivedAt: input.receivedAt)
    }
}
