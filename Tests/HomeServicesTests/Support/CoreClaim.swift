import PluginAPI
import PluginAPITesting

/// An invoice that somebody made directly in core, naming an order as its source.
struct CoreClaim {
    let firm: PlumbingFirm
    let source: RecordID

    func issueAndPay() async throws {
        let line: Record = ["description": .text("Other"), "qty_milli": .int(1_000), "unit_price_minor": .int(100)]
        let input: Record = [
            "party": .id(firm.customer), "source_entity": .text("hs.work_order"), "source": .id(source),
            "lines": .list([.map(line)]),
        ]
        let draft = Record(value: try await firm.business.perform("core.createInvoice", input)) ?? [:]
        _ = try await firm.business.perform("core.issueInvoice", ["id": draft["id"]])
        try await firm.business.perform(
            "core.recordPayment", ["invoice": draft["id"], "amount_minor": .int(100), "method": .text("cash")])
    }
}
