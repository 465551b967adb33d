import PluginAPI
import Testing

// The handle is no other room's business, so it isn't package API.
@testable import HostPlugins

struct CallHandleTests {
    @Test func `one use at a time is admitted`() {
        let handle = CallHandle()
        #expect(handle.enter() == .admitted)
        #expect(handle.enter() == .busy)
        handle.leave()
        #expect(handle.enter() == .admitted)
    }

    @Test func `a revoked handle admits nobody and gives its events`() {
        let handle = CallHandle()
        handle.remember(PublishedEvent(name: "fx.done", payload: [:]))
        #expect(handle.revoke().map(\.name) == ["fx.done"])
        #expect(handle.enter() == .retired)
        #expect(handle.isRevoked)
    }
}
