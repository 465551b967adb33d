import PluginAPI

extension Refusal {
    /// The office decided to send nobody to this customer.
    static var doNotService: Refusal {
        Refusal(
            code: "do_not_service",
            message: "This customer isn't served. Clear the customer's mark first if that changed.")
    }

    /// The order is past the point where its lines can change.
    static func linesLocked(status: WorkOrder.Status) -> Refusal {
        Refusal(
            code: "lines_locked",
            message: "Lines of an order that is \(status.rawValue) don't change. Reopen it first.",
            details: ["status": status.value])
    }

    /// Work isn't done while something is missing; names everything that is.
    static func completionGate(_ missing: [CompletionGate.Requirement]) -> Refusal {
        let names = missing.map(\.rawValue)
        return Refusal(
            code: "completion_gate", message: "Still missing: \(names.joined(separator: ", ")).",
            details: ["missing": names.value])
    }

    /// An order without an invoice has nothing to pay.
    static func notPayable(status: WorkOrder.Status) -> Refusal {
        Refusal(
            code: "not_payable", message: "The order is \(status.rawValue); invoice it before taking a payment.",
            details: ["status": status.value])
    }
}
