public import PluginAPI

extension Core {
    /// Takes a payment for an issued invoice, up to its balance; the last part makes it paid.
    ///
    /// The invoice is held first, so that two payments at once can't both take the same balance.
    public func recordPayment(_ input: RecordPayment, _ call: Call) async throws(Refusal) -> Payment {
        var invoice = try await call.store.locked(input.invoice)
        guard invoice.isPayable else { throw .notPayable(status: invoice.status) }
        guard input.amountMinor <= invoice.balanceMinor else {
            throw .overpayment(balanceMinor: invoice.balanceMinor)
        }
        let pending = try await call.store.create(PaymentDraft(input, for: invoice, at: call.now))
        _ = try await call.store.create(
            AllocationDraft(payment: pending.reference, invoice: invoice.reference, amountMinor: input.amountMinor))
        let payment = try await call.store.transition(pending, .capture)

        invoice.balanceMinor -= input.amountMinor
        _ = try await call.store.transition(invoice, invoice.balanceMinor == 0 ? .pay : .payPart)
        return payment
    }
}

extension PaymentDraft {
    /// Money that came in for an invoice, in the invoice's currency.
    fileprivate init(_ input: RecordPayment, for invoice: Invoice, at now: Timestamp) {
        self.init(
            method: input.method, amountMinor: input.amountMinor, tipMinor: input.tipMinor,
            currency: invoice.currency, party: invoice.party, provider: input.provider,
            providerRef: input.providerRef, receivedAt: input.receivedAt ?? now)
    }
}
