import Synchronization

/// What a client received so far, with waiting for a condition on it.
final class ReceivedBytes: Sendable {
    private struct State {
        var text = ""
        var isClosed = false
        var waiter: (condition: @Sendable (String, Bool) -> Bool, continuation: CheckedContinuation<String, Never>)?

        /// Takes the waiter out when its condition holds.
        mutating func ready() -> (CheckedContinuation<String, Never>, String)? {
            guard let waiter, waiter.condition(text, isClosed) else { return nil }
            self.waiter = nil
            return (waiter.continuation, text)
        }
    }

    private let state = Mutex(State())

    func append(_ text: String) {
        change { $0.text += text }
    }

    func close() {
        change { $0.isClosed = true }
    }

    /// The whole text as soon as the condition holds for it and for whether the connection is closed.
    func text(when condition: @escaping @Sendable (String, Bool) -> Bool) async -> String {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                state.waiter = (condition, continuation)
                return state.ready()
            }
            if let (continuation, text) = ready { continuation.resume(returning: text) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            return state.ready()
        }
        if let (continuation, text) = ready { continuation.resume(returning: text) }
    }
}
