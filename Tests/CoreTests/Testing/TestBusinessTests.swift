import PluginAPI
import PluginAPITesting
import Synchronization
import Testing

struct TestBusinessTests {
    private let counter = Counter()
    private let business: TestBusiness

    init() {
        let states = StateRules(
            initial: "open",
            transitions: [
                "close": .init(
                    from: ["open"], to: "closed", emits: .init("ticket.closed", payload: ["ticket", "colour"])),
                "tear": .init(from: ["open"], to: "torn", needsReason: true),
            ])
        let ticket = EntityRules(
            "counter.ticket", defaults: ["colour": .text("red")], references: ["after": "counter.ticket"],
            numberPrefix: "T-", states: states, counters: ["seats": 0...5])
        business = TestBusiness([
            TestPlugin(counter, entities: [ticket], subscriptions: ["counter.ticket.taken": "welcome"])
        ])
    }

    @Test func `an operation that throws leaves nothing, not even a gap in the numbers`() async throws {
        try await business.perform("counter.take", [:])
        await #expect(throws: Refusal(code: "changed_mind", message: "Not today.")) {
            try await business.perform("counter.takeAndFail", [:])
        }
        try await business.perform("counter.take", [:])
        #expect(business.records("counter.ticket").map { $0["number"] } == [.text("T-000001"), .text("T-000002")])
        #expect(business.events.count == 2)
    }

    @Test func `subscribers run in the transaction of the event`() async throws {
        try await business.perform("counter.take", [:])
        let ticket = try #require(business.records("counter.ticket").first)
        #expect(ticket["greeting"] == .text("Welcome"))
        #expect(ticket["version"] == .int(2))
    }

    @Test func `a new record has its defaults and its first status`() throws {
        let id = try business.add("counter.ticket", [:])
        let ticket = try #require(business.record("counter.ticket", id))
        #expect(ticket["colour"] == .text("red"))
        #expect(ticket["status"] == .text("open"))
    }

    @Test func `transitions stay on the declared edges`() throws {
        let id = try business.add("counter.ticket", [:])
        #expect(throws: Refusal.invalid("reason", code: "required")) {
            try business.transition("counter.ticket", id, "tear")
        }
        try business.transition("counter.ticket", id, "close")
        let refusal = #expect(throws: Refusal.self) { try business.transition("counter.ticket", id, "close") }
        #expect(refusal?.code == "invalid_transition")
    }

    @Test func `a transition's event is filled from the record`() throws {
        let id = try business.add("counter.ticket", [:])
        try business.transition("counter.ticket", id, "close")
        let event = try #require(business.events.first)
        #expect(event.name == "counter.ticket.closed")
        #expect(event.payload == ["ticket": .id(id), "colour": .text("red")])
    }

    @Test func `a reference to nothing is refused at its field`() throws {
        #expect(throws: Refusal.invalid("after", code: "not_found")) {
            try business.add("counter.ticket", ["after": .id(RecordID(high: 9, low: 9))])
        }
    }

    @Test func `counters go by steps, within their bounds`() async throws {
        let id = try business.add("counter.ticket", ["seats": .int(2)])
        try await business.perform("counter.step", ["ticket": .id(id), "by": .int(3)])
        #expect(business.record("counter.ticket", id)?["seats"] == .int(5))
        let refusal = await #expect(throws: Refusal.self) {
            try await business.perform("counter.step", ["ticket": .id(id), "by": .int(-6)])
        }
        #expect(refusal?.code == "counter_out_of_range")
        #expect(refusal?.details["bound"] == .text("min") && refusal?.details["available"] == .int(5))
        #expect(business.record("counter.ticket", id)?["version"] == .int(2))
    }

    @Test func `a call that is kept is over when its operation has returned`() async throws {
        try await business.perform("counter.hold", [:])
        let call = try #require(counter.held.withLock { $0 })
        let refusal = await #expect(throws: Refusal.self) { try await call.store.nextNumber("ticket") }
        #expect(refusal?.code == "retired")
    }
}
