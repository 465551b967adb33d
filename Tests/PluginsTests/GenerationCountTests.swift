import HostManifest
import HostModel
import PluginAPI
import Testing

@testable import HostPlugins

struct GenerationCountTests {
    @Test func `what is done and what is refused are calls, and no faults`() async throws {
        let stage = try Stage(errors: ["too_late"]) { _, call throws(Refusal) in
            _ = try await call.store.create(ThingDraft(record: ["title": .text("a")]))
            return .null
        }
        _ = try await stage.perform()
        let window = stage.window()
        #expect((window.calls, window.refused, window.failed, window.faults) == (1, 0, 0, 0))
        #expect(window.storeTime > .zero)
        #expect(window.callTime >= window.storeTime)
        #expect(window.latencies.count == 1)
    }

    @Test func `a declared refusal is an answer`() async throws {
        let stage = try Stage(errors: ["too_late"]) { _, _ throws(Refusal) in
            throw Refusal(code: "too_late", message: "It is too late.")
        }
        _ = try await stage.problem()
        let window = stage.window()
        #expect((window.calls, window.refused, window.failed, window.faults) == (1, 1, 0, 0))
    }

    @Test func `an undeclared refusal is the plugin's fault`() async throws {
        let stage = try Stage { _, _ throws(Refusal) in throw Refusal(code: "surprise", message: "?") }
        _ = try await stage.problem()
        #expect(stage.window().faults == 1)
    }

    @Test func `several faults of one operation are one`() async throws {
        let stage = try Stage { _, call throws(Refusal) in
            for _ in 0..<3 { try? await call.publish("undeclared", Record()) }
            return .null
        }
        _ = try await stage.problem()
        let window = stage.window()
        #expect((window.failed, window.faults) == (0, 1))
    }

    @Test func `a fault of a subscriber isn't the publisher's`() async throws {
        let stage = try Stage.pair(
            publisher: { _, call throws(Refusal) in
                try await call.publish("done", ["count": .int(1)])
                return .null
            },
            subscriber: { _, call throws(Refusal) in
                try await call.publish("undeclared", Record())
                return .null
            })
        _ = try await stage.problem()
        #expect((stage.window().faults, stage.window(of: "sub").faults) == (0, 1))
        #expect(stage.window().failed == 1)
    }

    @Test func `who lacks the permission is a denial and no call`() async throws {
        let stage = try Stage(grants: "fx.other.*") { _, _ in .null }
        #expect(try await stage.problem().code == .forbidden)
        let window = stage.window()
        #expect((window.calls, window.denials) == (0, 1))
    }
}
