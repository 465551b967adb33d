import HostManifest
import HostModel
import PluginAPI
import Synchronization
import Testing

/// Code that doesn't come back, and what the request has of it.
struct CallRunTests {
    @Test func `code that never returns is left behind at its deadline, and nothing is committed`() async throws {
        let gate = Gate()
        defer { gate.open() }
        let stage = try Stage(operation: operation(.milliseconds(60))) { _, _ in
            gate.spin()
            return .null
        }
        #expect(try await stage.problem().code == .deadlineExceeded)
        #expect(stage.storage.begins == 1)
        #expect(stage.storage.commits == 0)
    }

    @Test func `what was left behind can do nothing more`() async throws {
        let gate = Gate()
        let late = Mutex<String?>(nil)
        let stage = try Stage(operation: operation(.milliseconds(60))) { _, call throws(Refusal) in
            gate.spin()
            do throws(Refusal) {
                try await call.publish("done", [:])
                late.withLock { $0 = "published" }
            } catch {
                late.withLock { $0 = error.code }
            }
            return .null
        }
        #expect(try await stage.problem().code == .deadlineExceeded)
        gate.open()
        while late.withLock({ $0 == nil }) { await Task.yield() }
        #expect(late.withLock { $0 } == "retired")
        #expect(stage.storage.store.events == [])
    }

    @Test func `calls that no thread takes up are refused as long as they can be tried again`() async throws {
        let gate = Gate()
        let stage = try Stage(operation: operation(.seconds(4))) { input, _ in
            if input["id"] != .null { gate.spin() }
            return .null
        }
        let spinning: JSONValue = .string("00000000-0000-0000-0000-000000000001")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    // On a machine with no time for it, a call may not be begun soon enough.
                    while try await stage.problem(["id": spinning]).code == .unavailable {}
                }
            }
            while gate.entered < 2 { await Task.yield() }
            let problem = try await stage.problem()
            #expect(problem.code == .unavailable)
            #expect(problem.retryAfter == .seconds(1))
            gate.open()
            try await group.waitForAll()
        }
        #expect(stage.storage.commits == 2)
        _ = try await stage.perform()
        #expect(stage.storage.commits == 3)
    }

    private func operation(_ timeout: Duration) -> HostManifest.Operation {
        FixtureManifest.operation(
            "echo", input: [FixtureManifest.field("id", .uuid)],
            limits: HostManifest.Operation.Limits(timeout: timeout, rowsMax: 10, bodyBytesMax: 10))
    }
}

/// Keeps threads busy until it is opened.
private final class Gate: Sendable {
    private let isOpen = Atomic(false)
    private let count = Atomic(0)

    var entered: Int { count.load(ordering: .acquiring) }

    func spin() {
        count.wrappingAdd(1, ordering: .releasing)
        while !isOpen.load(ordering: .acquiring) {}
    }

    func open() { isOpen.store(true, ordering: .releasing) }
}
