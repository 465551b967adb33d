import PluginAPI

extension Refusal {
    /// There is nothing to bill.
    static var emptyDocument: Refusal {
        Refusal(
            code: "empty_document", message: "An invoice of nothing can't be issued. Make one with lines that cost.")
    }

    /// Only an issued invoice with something left to pay takes payments.
    static func notPayable(status: Invoice.Status) -> Refusal {
        Refusal(
            code: "not_payable", message: "The invoice is \(status.rawValue); only an issued one takes payments.",
            details: ["status": status.value])
    }

    /// More than is left to pay.
    static func overpayment(balanceMinor: Int64) -> Refusal {
        Refusal(
            code: "overpayment", message: "Only \(balanceMinor) is left to pay. Take no more than that.",
            details: ["balance_minor": .int(balanceMinor)])
    }
}
