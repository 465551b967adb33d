import HomeServicesLogic
import PluginAPI
import PluginAPITesting
import Testing

struct WorkOrderRefusalTests {
    @Test func `a customer who isn't served gets no order`() async throws {
        let firm = try PlumbingFirm(customer: ["do_not_service": .bool(true)])
        let refusal = await refusal { _ = try await firm.createOrder([]) }
        #expect(refusal?.code == "do_not_service")
        #expect(firm.business.records("hs.work_order").isEmpty)
    }

    @Test func `another total than the expected one is refused`() async throws {
        let firm = try PlumbingFirm()
        let refusal = await refusal { _ = try await firm.createOrder(firm.threeLines, expectedTotalMinor: 1) }
        #expect(refusal?.code == "total_mismatch")
        #expect(try await firm.createOrder([]).number == "WO-000001")
    }

    @Test func `an amount beyond 64 bits is refused`() async throws {
        let firm = try PlumbingFirm()
        let huge = CreateWorkOrder.Line(description: "All", qtyMilli: 2_000, unitPriceMinor: .max)
        #expect(await refusal { _ = try await firm.createOrder([huge]) } == .amountOverflow)
    }

    @Test func `lines are locked once the work is done`() async throws {
        let firm = try PlumbingFirm()
        let done = try await firm.complete(try await firm.started())
        let refusal = await refusal { _ = try await firm.setLines([], of: done) }
        #expect(refusal?.code == "lines_locked")
        #expect(firm.business.records("hs.work_order_line").count == 3)
    }

    @Test(arguments: [0, -1]) func `a visit that doesn't end after it starts is refused`(length: Int64) async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.createOrder([])
        let refusal = await refusal {
            _ = try await firm.schedule(
                order, from: Timestamp(microseconds: 10), to: Timestamp(microseconds: 10 + length))
        }
        #expect(refusal?.code == "validation_failed")
        #expect(refusal?.faults == [FieldFault(pointer: "/ends_at", code: "order")])
    }

    @Test func `a visit that would end after the last writable time is refused`() async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.createOrder([])
        let refusal = await refusal {
            _ = try await firm.schedule(order, from: Timestamp(microseconds: 253_402_300_799_999_999))
        }
        #expect(refusal?.faults == [FieldFault(pointer: "/ends_at", code: "max")])
    }

    @Test func `the gate names everything that is missing`() async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.started([])
        let all = await refusal { _ = try await firm.complete(order, resolution: "  done     ") }
        #expect(all?.code == "completion_gate")
        #expect(all?.details == ["missing": .list([.text("lines"), .text("resolution")])])
        let one = await refusal { _ = try await firm.complete(order) }
        #expect(one?.details == ["missing": .list([.text("lines")])])
        #expect(firm.status(of: order) == .text("in_progress"))
    }

    @Test func `work that wasn't begun can't be completed, nor billed`() async throws {
        let firm = try PlumbingFirm()
        let order = try await firm.createOrder(firm.threeLines)
        #expect(await refusal { _ = try await firm.complete(order) }?.code == "invalid_transition")
        #expect(await refusal { _ = try await firm.invoice(order) }?.code == "invalid_transition")
        #expect(firm.business.records("core.invoice").isEmpty)
    }

    @Test func `an order that costs nothing isn't billed`() async throws {
        let firm = try PlumbingFirm()
        let free = CreateWorkOrder.Line(description: "Warranty", qtyMilli: 1_000, unitPriceMinor: 0)
        let done = try await firm.complete(try await firm.started([free]))
        #expect(await refusal { _ = try await firm.invoice(done) }?.code == "empty_document")
        #expect(firm.business.records("core.invoice").isEmpty)
    }

    @Test func `an order is billed once`() async throws {
        let firm = try PlumbingFirm()
        let billed = try await firm.invoice(try await firm.complete(try await firm.started()))
        #expect(await refusal { _ = try await firm.invoice(billed) }?.code == "invalid_transition")
        #expect(firm.business.records("core.invoice").count == 1)
    }

    @Test func `payments before the invoice and above the balance are refused`() async throws {
        let firm = try PlumbingFirm()
        let done = try await firm.complete(try await firm.started())
        #expect(await refusal { _ = try await firm.pay(done, amountMinor: 1) }?.code == "not_payable")
        let billed = try await firm.invoice(done)
        let tooMuch = await refusal { _ = try await firm.pay(billed, amountMinor: billed.totalMinor + 1) }
        #expect(tooMuch?.code == "overpayment")
        #expect(firm.status(of: billed) == .text("invoiced"))
    }

    @Test func `an invoice that only claims to be of an order pays no order`() async throws {
        let firm = try PlumbingFirm()
        let billed = try await firm.invoice(try await firm.complete(try await firm.started()))
        let claim = CoreClaim(firm: firm, source: billed.id)
        try await claim.issueAndPay()
        #expect(firm.status(of: billed) == .text("invoiced"))
    }

    private func refusal(_ body: () async throws -> Void) async -> Refusal? {
        await #expect(throws: Refusal.self) { try await body() }
    }
}
