import PluginAPI
import PluginAPITesting

/// What the in-memory business knows of core's entities; the part of `manifests/core.yaml` that handlers can notice.
enum CoreEntities {
    static let all = [
        EntityRules("core.party"),
        EntityRules("core.item"),
        EntityRules(
            "core.invoice", references: ["party": "core.party"], numberPrefix: "INV-", states: invoiceStates),
        EntityRules("core.invoice_line", references: ["invoice": "core.invoice", "item": "core.item"]),
        EntityRules("core.payment", references: ["party": "core.party"], states: paymentStates),
        EntityRules("core.allocation", references: ["payment": "core.payment", "invoice": "core.invoice"]),
    ]

    private static let invoiceStates = StateRules(
        initial: "draft",
        transitions: [
            "issue": .init(from: ["draft"], to: "issued", emits: .init("invoice.issued", payload: ["invoice"])),
            "pay_part": .init(from: ["issued", "partially_paid"], to: "partially_paid"),
            "pay": .init(
                from: ["issued", "partially_paid"], to: "paid",
                emits: .init("invoice.paid", payload: ["invoice", "source_entity", "source"])),
            "void": .init(from: ["issued"], to: "void", needsReason: true),
        ])

    private static let paymentStates = StateRules(
        initial: "pending",
        transitions: [
            "capture": .init(from: ["pending"], to: "captured"), "fail": .init(from: ["pending"], to: "failed"),
        ])
}
