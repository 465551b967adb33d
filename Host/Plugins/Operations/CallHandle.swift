import Synchronization

/// Whether a call's services may be used now: only while its operation runs, and for one thing at a time.
///
/// One at a time, because the steps of a transaction share one connection.
final class CallHandle: Sendable {
    enum Admission: Hashable, Sendable {
        case admitted
        /// The operation has ended.
        case retired
        /// Another use hasn't ended yet.
        case busy
    }

    private struct State {
        var isRevoked = false
        var isBusy = false
        var events: [PublishedEvent] = []
    }
    private let state = Mutex(State())

    var isRevoked: Bool { state.withLock(\.isRevoked) }

    /// Begins a use; one that is admitted ends with ``leave()``.
    func enter() -> Admission {
        state.withLock { state in
            if state.isRevoked { return .retired }
            if state.isBusy { return .busy }
            state.isBusy = true
            return .admitted
        }
    }

    func leave() {
        state.withLock { $0.isBusy = false }
    }

    /// Keeps an event for the subscribers, who run when the operation has ended.
    func remember(_ event: PublishedEvent) {
        state.withLock { $0.events.append(event) }
    }

    /// Ends the handle and gives the events, in order.
    @discardableResult
    func revoke() -> [PublishedEvent] {
        state.withLock { state in
            state.isRevoked = true
            return state.events
        }
    }
}
