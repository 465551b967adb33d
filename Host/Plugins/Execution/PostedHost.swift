import HostModel
import PluginAPI

/// The host's services as a plugin's thread has them: each is posted to the request's task, which does it.
final class PostedHost: CallHost {
    private let host: OperationHost
    private let mailbox: CallMailbox

    init(_ host: OperationHost, _ mailbox: CallMailbox) {
        self.host = host
        self.mailbox = mailbox
    }

    func read(_ entity: String, _ id: PluginAPI.RecordID, locked: Bool) async throws(Refusal) -> Record? {
        try await served { [host] () async throws(Refusal) in try await host.read(entity, id, locked: locked) }
    }

    func find(_ entity: String, matching: Record, limit: Int) async throws(Refusal) -> [Record] {
        try await served { [host] () async throws(Refusal) in
            try await host.find(entity, matching: matching, limit: limit)
        }
    }

    func create(_ entity: String, _ fields: Record) async throws(Refusal) -> Record {
        try await served { [host] () async throws(Refusal) in try await host.create(entity, fields) }
    }

    func update(
        _ entity: String, _ id: PluginAPI.RecordID, version: Int64, _ fields: Record
    ) async throws(Refusal) -> Record {
        try await served { [host] () async throws(Refusal) in
            try await host.update(entity, id, version: version, fields)
        }
    }

    func adjust(
        _ entity: String, _ id: PluginAPI.RecordID, _ steps: Record, reason: String?
    ) async throws(Refusal) -> Record {
        try await served { [host] () async throws(Refusal) in
            try await host.adjust(entity, id, steps, reason: reason)
        }
    }

    func deleteChildren(_ entity: String, of parent: PluginAPI.RecordID) async throws(Refusal) {
        try await served { [host] () async throws(Refusal) in try await host.deleteChildren(entity, of: parent) }
    }

    func transition(
        _ entity: String, _ id: PluginAPI.RecordID, version: Int64, _ name: String, _ fields: Record, reason: String?
    ) async throws(Refusal) -> Record {
        try await served { [host] () async throws(Refusal) in
            try await host.transition(entity, id, version: version, name, fields, reason: reason)
        }
    }

    func nextNumber(_ series: String) async throws(Refusal) -> String {
        try await served { [host] () async throws(Refusal) in try await host.nextNumber(series) }
    }

    func publish(_ event: String, _ payload: Record) async throws(Refusal) {
        try await served { [host] () async throws(Refusal) in try await host.publish(event, payload) }
    }

    func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value {
        try await served { [host] () async throws(Refusal) in try await host.perform(operation, input) }
    }

    // Neither waits for anything.
    func may(_ permission: String) -> Bool { host.may(permission) }
    func log(_ message: String) { host.log(message) }

    private func served<Answer: Sendable>(
        _ step: @escaping @Sendable () async throws(Refusal) -> Answer
    ) async throws(Refusal) -> Answer {
        let outcome = await withCheckedContinuation { waiter in
            post(step) { waiter.resume(returning: $0) }
        }
        return try outcome.get()
    }

    private func post<Answer: Sendable>(
        _ step: @escaping @Sendable () async throws(Refusal) -> Answer,
        _ answer: @escaping @Sendable (Result<Answer, Refusal>) -> Void
    ) {
        let service = CallMailbox.Service(
            perform: { [mailbox] in
                let outcome = await Self.outcome(of: step)
                mailbox.finish()
                answer(outcome)
            }, refuse: { answer(.failure(.retired)) })
        switch mailbox.post(service) {
        case .taken: break
        case .busy: answer(.failure(host.refusedAsBusy()))
        case .closed: answer(.failure(.retired))
        }
    }

    private static func outcome<Answer: Sendable>(
        of step: @Sendable () async throws(Refusal) -> Answer
    ) async -> Result<Answer, Refusal> {
        do throws(Refusal) {
            return .success(try await step())
        } catch {
            return .failure(error)
        }
    }
}
