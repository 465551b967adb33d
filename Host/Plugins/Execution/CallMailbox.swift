import PluginAPI
import Synchronization

/// Between a plugin's code and the request that called it.
///
/// The code runs on threads of its plugin and may never return. What it wants of the host is done by the request's
/// task, which alone works in the transaction: once that task has stopped listening nothing of the call can reach a
/// connection any more, whatever its thread still does.
final class CallMailbox: Sendable {
    /// What the request's task is told.
    enum Message: Sendable {
        case service(Service)
        case returned(Result<Value, Refusal>)
        /// The time is over.
        case overdue
        /// No thread of the plugin took the call up.
        case untaken
    }

    /// Something that the plugin wants done; one of the two is called, once.
    struct Service: Sendable {
        let perform: @Sendable () async -> Void
        let refuse: @Sendable () -> Void
    }

    enum Admission: Sendable {
        case taken
        /// The service before isn't done yet.
        case busy
        case closed
    }

    fileprivate struct State {
        var messages: [Message] = []
        var waiter: CheckedContinuation<Message, Never>?
        var isTaken = false
        var isBusy = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Whether the plugin's code has begun.
    var isTaken: Bool { state.withLock(\.isTaken) }

    func take() { state.withLock { $0.isTaken = true } }

    /// The next message; for the request's task alone.
    func next() async -> Message {
        await withCheckedContinuation { waiter in
            let message = state.withLock { state -> Message? in
                guard state.messages.isEmpty else { return state.messages.removeFirst() }
                state.waiter = waiter
                return nil
            }
            if let message { waiter.resume(returning: message) }
        }
    }

    /// Puts a service before the request's task; one at a time.
    func post(_ service: Service) -> Admission {
        let (admission, waiter) = state.withLock { state -> (Admission, CheckedContinuation<Message, Never>?) in
            if state.isClosed { return (.closed, nil) }
            if state.isBusy { return (.busy, nil) }
            state.isBusy = true
            return (.taken, state.deliver(.service(service)))
        }
        waiter?.resume(returning: .service(service))
        return admission
    }

    /// Says that the service is done; the next one may be posted.
    func finish() { state.withLock { $0.isBusy = false } }

    /// Puts any other message before the request's task.
    func send(_ message: Message) {
        let waiter = state.withLock { $0.isClosed ? nil : $0.deliver(message) }
        waiter?.resume(returning: message)
    }

    /// Ends it: what was posted and not done is refused, and so is everything that comes.
    func close() {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
        for case .service(let service) in left { service.refuse() }
    }
}

extension CallMailbox.State {
    /// Gives who waits for it, or keeps it.
    fileprivate mutating func deliver(
        _ message: CallMailbox.Message
    ) -> CheckedContinuation<CallMailbox.Message, Never>? {
        defer { waiter = nil }
        if waiter == nil { messages.append(message) }
        return waiter
    }
}
