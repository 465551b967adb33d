import PluginAPI
import PluginAPITesting

/// What the in-memory business knows of home services; the part of `manifests/hs.yaml` that handlers can notice.
enum WorkOrderEntities {
    static let all = [
        EntityRules("hs.service_location", references: ["party": "core.party"]),
        EntityRules(
            "hs.work_order", references: ["party": "core.party", "service_location": "hs.service_location"],
            numberPrefix: "WO-", states: states),
        EntityRules("hs.work_order_line", references: ["work_order": "hs.work_order", "item": "core.item"]),
    ]

    private static let states = StateRules(
        initial: "draft",
        transitions: [
            "schedule": .init(from: ["draft", "scheduled", "on_hold"], to: "scheduled"),
            "start": .init(from: ["scheduled"], to: "in_progress"),
            "hold": .init(from: ["scheduled", "in_progress"], to: "on_hold", needsReason: true),
            "complete": .init(
                from: ["in_progress"], to: "completed", emits: .init("work_order.completed", payload: ["work_order"])),
            "invoice": .init(from: ["completed"], to: "invoiced"),
            "pay": .init(from: ["invoiced"], to: "paid"),
            "reopen": .init(from: ["completed"], to: "in_progress", needsReason: true),
            "cancel": .init(from: ["draft", "scheduled", "on_hold"], to: "cancelled", needsReason: true),
        ])
}
