import CoreLogic
import HomeServicesLogic
import PluginAPI
import PluginAPITesting

/// A plumbing firm with a customer, a location and a catalogue, ready to take orders.
struct PlumbingFirm {
    let business: TestBusiness
    let customer: RecordID
    let location: RecordID
    let pipe: RecordID

    init(customer: Record = [:]) throws {
        business = TestBusiness([
            TestPlugin(CoreDispatch(handlers: CoreLogic.Core()), entities: CoreEntities.all),
            TestPlugin(
                HomeServicesDispatch(handlers: HomeServices()), entities: WorkOrderEntities.all,
                subscriptions: ["core.invoice.paid": "markWorkOrderPaid"]),
        ])
        let fields: Record = ["display_name": .text("Ada Lovelace")]
        self.customer = try business.add("core.party", Record(fields.values.merging(customer.values) { $1 }))
        location = try business.add("hs.service_location", ["party": .id(self.customer)])
        pipe = try business.add(
            "core.item",
            [
                "name": .text("Copper pipe"), "unit_price_minor": .int(3_333), "price_scale": .int(0),
                "tax_rate_ppm": .int(82_500),
            ])
    }

    /// The money vector "labour, parts and an untaxed fee, 20.00 off the document": 295.65.
    var threeLines: [CreateWorkOrder.Line] {
        [
            .init(description: "Labour", qtyMilli: 1_500, unitPriceMinor: 12_000, taxRatePpm: 82_500),
            .init(kind: .material, item: Reference(pipe), qtyMilli: 2_000),
            .init(kind: .fee, description: "Call-out", qtyMilli: 1_000, unitPriceMinor: 5_001),
        ]
    }

    func createOrder(
        _ lines: [CreateWorkOrder.Line], discountMinor: Int64 = 0, expectedTotalMinor: Int64? = nil
    ) async throws -> WorkOrder {
        let input = CreateWorkOrder(
            party: Reference(customer), serviceLocation: Reference(location), summary: "Leaking pipe",
            discountMinor: discountMinor, expectedTotalMinor: expectedTotalMinor, lines: lines)
        return try await perform("hs.createWorkOrder", input.record)
    }

    func setLines(_ lines: [SetWorkOrderLines.Line], of order: WorkOrder) async throws -> WorkOrder {
        try await perform("hs.setWorkOrderLines", SetWorkOrderLines(id: order.reference, lines: lines).record)
    }

    func schedule(_ order: WorkOrder, from start: Timestamp, to end: Timestamp? = nil) async throws -> WorkOrder {
        let input = ScheduleWorkOrder(id: order.reference, startsAt: start, endsAt: end)
        return try await perform("hs.scheduleWorkOrder", input.record)
    }

    func start(_ order: WorkOrder) throws {
        try business.transition("hs.work_order", order.id, "start")
    }

    func complete(_ order: WorkOrder, resolution: String = "Replaced two metres of pipe.") async throws -> WorkOrder {
        let input = CompleteWorkOrder(id: order.reference, resolution: resolution)
        return try await perform("hs.completeWorkOrder", input.record)
    }

    func invoice(_ order: WorkOrder) async throws -> WorkOrder {
        try await perform("hs.invoiceWorkOrder", InvoiceWorkOrder(id: order.reference).record)
    }

    func pay(_ order: WorkOrder, amountMinor: Int64) async throws -> WorkOrder {
        let input = PayWorkOrder(id: order.reference, amountMinor: amountMinor, method: .card)
        return try await perform("hs.payWorkOrder", input.record)
    }

    /// An order with the three lines, brought to where the technician is at work.
    func started(_ lines: [CreateWorkOrder.Line]? = nil) async throws -> WorkOrder {
        let order = try await createOrder(lines ?? threeLines)
        let scheduled = try await schedule(order, from: Timestamp(microseconds: 0))
        try start(scheduled)
        return scheduled
    }

    func status(of order: WorkOrder) -> Value? {
        business.record("hs.work_order", order.id)?["status"]
    }

    private func perform(_ operation: String, _ input: Record) async throws -> WorkOrder {
        let output = try await business.perform(operation, input)
        return WorkOrder(fields: try Fields(Record(value: output) ?? [:]))
    }
}
