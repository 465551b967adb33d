public import PluginAPI

extension HomeServices {
    /// Bills a completed order: the invoice has the same lines, discount and rounding, so the same total.
    public func invoiceWorkOrder(_ input: InvoiceWorkOrder, _ call: Call) async throws(Refusal) -> WorkOrder {
        var order = try await call.store.locked(input.id)
        let lines = try await order.lines(in: call.store)
        let draft = try await call.core.createInvoice(.init(billing: order, lines, dueDate: input.dueDate))
        let invoice = try await call.core.issueInvoice(.init(id: draft.reference))
        order.invoice = invoice.reference
        return try await call.store.transition(order, .invoice)
    }

    /// Takes a payment for the order's invoice.
    ///
    /// The order isn't held meanwhile: the invoice is held first and the order after it, as everywhere, so that a
    /// payment of the invoice itself and this one can't wait for each other.
    public func payWorkOrder(_ input: PayWorkOrder, _ call: Call) async throws(Refusal) -> WorkOrder {
        let order = try await call.store.read(input.id)
        guard let invoice = order.invoice else { throw .notPayable(status: order.status) }
        _ = try await call.core.recordPayment(.init(paying: invoice, input))
        return try await call.store.read(input.id)
    }

    /// Follows the invoice: when it is paid, so is the order behind it.
    ///
    /// Any client of core may name any source, so the order must name the invoice too.
    public func markWorkOrderPaid(_ input: MarkWorkOrderPaid, _ call: Call) async throws(Refusal) {
        guard input.sourceEntity == WorkOrder.entityName else { return }
        let billed = try await call.store.find(WorkOrder.self, matching: ["invoice": input.invoice.value])
        for order in billed where order.status == .invoiced {
            _ = try await call.store.transition(try await call.store.locked(order.reference), .pay)
        }
    }
}
