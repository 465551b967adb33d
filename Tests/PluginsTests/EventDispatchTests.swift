import HostManifest
import HostModel
import PluginAPI
import Synchronization
import Testing

// Snapshots are put together by the registry alone; here they hold plugins that are part of the test.
@testable import HostPlugins

struct EventDispatchTests {
    @Test func `a subscriber runs in the same transaction, as the system, with what the event carries`() async throws {
        let seen = Mutex<(input: Record, actor: Actor)?>(nil)
        let stage = try Stage.pair(
            publisher: { _, call throws(Refusal) in
                try await call.publish("done", ["count": .int(2)])
                return .null
            },
            subscriber: { input, call in
                seen.withLock { $0 = (input, call.actor) }
                return .null
            })
        _ = try await stage.perform()
        let found = try #require(seen.withLock { $0 })
        #expect(found.input == ["count": .int(2)])
        #expect(found.actor == .system)
        #expect(stage.storage.store.events == ["fx.done"])
        #expect(stage.storage.begins == 1)
    }

    @Test func `a subscriber's refusal undoes everything`() async throws {
        let stage = try Stage.pair(
            publisher: { _, call throws(Refusal) in
                try await call.publish("done", ["count": .int(2)])
                return .null
            },
            subscriber: { _, _ throws(Refusal) in throw Refusal(code: "closed", message: "Closed.") })
        #expect(try await stage.problem().code == .internalError)
        #expect(stage.storage.commits == 0)
    }

    @Test func `an event that isn't declared is refused`() async throws {
        let stage = try Stage { _, call throws(Refusal) in
            try await call.publish("unheard", [:])
            return .null
        }
        #expect(try await stage.problem().code == .internalError)
    }

    @Test func `operations that would go in a circle are refused`() async throws {
        let stage = try Stage.pair(
            publisher: { _, call throws(Refusal) in
                try await call.publish("done", ["count": .int(1)])
                return .null
            },
            subscriber: { input, call throws(Refusal) in try await call.perform("fx.echo", [:]) })
        #expect(try await stage.problem().code == .internalError)
        #expect(stage.observer.faults.contains { $0.contains("circle") })
    }

    @Test func `a plugin performs operations of the plugins it requires only`() async throws {
        let stage = try Stage { _, call throws(Refusal) in try await call.perform("sub.follow", [:]) }
        #expect(try await stage.problem().code == .internalError)
    }
}
