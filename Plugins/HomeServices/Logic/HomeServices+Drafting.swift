public import PluginAPI

extension HomeServices {
    /// Takes an order; its number is final from the start, because people say it on the phone.
    public func createWorkOrder(_ input: CreateWorkOrder, _ call: Call) async throws(Refusal) -> WorkOrder {
        let party = try await call.store.read(input.party)
        guard !party.doNotService else { throw .doNotService }
        let lines = try await OrderLines(
            input.lines.map { LineRequest($0) }, for: party, discountMinor: input.discountMinor,
            taxRounding: input.taxRounding, in: call.store)
        try lines.totals.check(expectedTotalMinor: input.expectedTotalMinor)

        let number = try await call.store.nextNumber("work_order")
        let order = try await call.store.create(
            WorkOrderDraft(input, number: number, totals: lines.totals, currency: call.business.currency))
        try await lines.create(in: order, call.store)
        return order
    }

    /// Replaces all lines of an order that isn't done yet.
    public func setWorkOrderLines(_ input: SetWorkOrderLines, _ call: Call) async throws(Refusal) -> WorkOrder {
        var order = try await call.store.locked(input.id)
        guard order.takesLines else { throw .linesLocked(status: order.status) }
        let lines = try await OrderLines(
            input.lines.map { LineRequest($0) }, for: try await call.store.read(order.party),
            discountMinor: input.discountMinor, taxRounding: order.taxRounding, in: call.store)
        try lines.totals.check(expectedTotalMinor: input.expectedTotalMinor)

        try await call.store.deleteChildren(WorkOrderLine.self, of: order)
        try await lines.create(in: order, call.store)
        order.take(lines.totals)
        return try await call.store.save(order)
    }
}

extension WorkOrderDraft {
    /// A new order as it was asked for, with what its lines come to.
    fileprivate init(_ input: CreateWorkOrder, number: String, totals: DocumentTotals, currency: String) {
        self.init(
            number: number, party: input.party, serviceLocation: input.serviceLocation, priority: input.priority,
            summary: input.summary, internalNotes: input.internalNotes, customerPo: input.customerPo,
            currency: currency, taxRounding: input.taxRounding, subtotalMinor: totals.subtotalMinor,
            discountMinor: totals.discountMinor, taxMinor: totals.taxMinor, totalMinor: totals.totalMinor)
    }
}
