import HostModel
import PluginAPI

/// One call of a plugin's code, seen from the request that waits for it.
struct CallRun {
    let frame: CallFrame
    let session: OperationSession
    let mailbox: CallMailbox

    /// Runs the code on its plugin's threads and does here what it asks for, until it returns or its time is over.
    ///
    /// The request doesn't wait for the code longer than that: a thread that spins or blocks is left to
    /// ``PluginThreads``.
    func value(of operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        let threads = frame.entry.threads
        let watched = threads.watch(mailbox, until: session.deadline)
        defer {
            threads.unwatch(watched)
            mailbox.close()
        }
        start(operation, input, call)
        while true {
            switch await mailbox.next() {
            case .service(let service): await service.perform()
            case .returned(let outcome): return try outcome.get()
            case .overdue: throw session.fail(.operationTookTooLong, of: frame.entry.generation)
            case .untaken: throw session.fail(.pluginBusy, of: frame.entry.generation)
            }
        }
    }

    /// Unstructured, since nobody may have to wait for its end; what it still holds then is worth nothing.
    private func start(_ operation: String, _ input: Record, _ call: Call) {
        let executor = frame.entry.executor(of: operation)
        Task(executorPreference: executor) { [mailbox, plugin = frame.entry.plugin] in
            mailbox.take()
            let outcome: Result<Value, Refusal>
            do throws(Refusal) {
                outcome = .success(try await plugin.perform(operation, input, call))
            } catch {
                outcome = .failure(error)
            }
            mailbox.send(.returned(outcome))
            // The runtime doesn't hold the executor of a task.
            withExtendedLifetime(executor) {}
        }
    }
}

extension Problem {
    /// The plugin's threads don't keep up; nothing was done.
    static let pluginBusy = Problem(
        .unavailable, "This part of the service is busy; try again shortly.", retryAfter: .seconds(1))
}
