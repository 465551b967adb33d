import CoreLogic
import PluginAPI
import Testing

struct SelfTestTests {
    @Test func `core passes its own test`() async throws {
        try await Core().selfTest()
    }

    @Test func `the host is given the handlers' own test`() async throws {
        let refusal = await #expect(throws: Refusal.self) {
            try await CoreDispatch(handlers: Wrong()).selfTest()
        }
        #expect(refusal?.code == "wrong")
        try await CoreDispatch(handlers: Untested()).selfTest()
    }

    /// Handlers whose test fails.
    private struct Wrong: Idle {
        func selfTest() async throws(Refusal) { throw Refusal(code: "wrong", message: "It is wrong.") }
    }

    /// Handlers without a test.
    private struct Untested: Idle {}
}

/// Handlers that refuse everything.
private protocol Idle: CoreOperations {}

extension Idle {
    func createInvoice(_ input: CreateInvoice, _ call: Call) async throws(Refusal) -> Invoice { throw .notFound("it") }
    func issueInvoice(_ input: IssueInvoice, _ call: Call) async throws(Refusal) -> Invoice { throw .notFound("it") }
    func recordPayment(_ input: RecordPayment, _ call: Call) async throws(Refusal) -> Payment { throw .notFound("it") }
}
