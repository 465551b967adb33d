import HostAuth
import HostManifest
import HostModel
import HostStorage
import PluginAPI
import Synchronization

/// One request's transaction while plugins work in it: what their calls share.
///
/// The calls nest, one at a time: an operation, the operations it performs in other plugins, the subscribers of the
/// events that any of them publish.
final class OperationSession: Sendable {
    private struct State {
        var failure: Problem?
        var rows = 0
    }

    let request: OperationRequest
    let snapshot: PluginSnapshot
    let store: any OperationStore
    let observer: any Observer
    private let limits: Operation.Limits
    let deadline: ContinuousClock.Instant
    private let state = Mutex(State())

    init(
        _ request: OperationRequest, limits: Operation.Limits, deadline: ContinuousClock.Instant,
        snapshot: PluginSnapshot, store: any OperationStore, observer: any Observer
    ) {
        self.request = request
        self.limits = limits
        self.deadline = deadline
        self.snapshot = snapshot
        self.store = store
        self.observer = observer
    }

    /// The first problem of a host service. Once there is one nothing is committed, whatever the plugin makes of it:
    /// the transaction holds half of what was asked for.
    var failure: Problem? { state.withLock(\.failure) }

    /// Remembers a problem and gives the refusal that tells the plugin of it.
    ///
    /// - Parameter culprit: Whose plugin is to blame, if it is the first problem; nil when none is.
    func fail(_ problem: Problem, of culprit: PluginGeneration? = nil) -> Refusal {
        let isFirst = state.withLock { state in
            guard state.failure == nil else { return false }
            state.failure = problem
            return true
        }
        if isFirst { culprit?.blame() }
        return Refusal(problem)
    }

    /// Refuses what only a wrong plugin does; the client sees nothing of the detail.
    func fault(_ frame: CallFrame, _ detail: String) -> Refusal {
        observer.observe(.internalError(request: request.request, room: "plugins", detail: "\(frame): \(detail)"))
        return fail(.failed, of: frame.entry.generation)
    }

    /// Counts records that cross to plugins, and refuses past the operation's limits.
    func spend(rows: Int, _ frame: CallFrame) throws(Refusal) {
        try checkTime(frame)
        let total = state.withLock { state in
            state.rows += rows
            return state.rows
        }
        if total > limits.rowsMax { throw fault(frame, "more than \(limits.rowsMax) records") }
    }

    /// Refuses past the operation's time limit.
    func checkTime(_ frame: CallFrame) throws(Refusal) {
        if ContinuousClock.now >= deadline { throw fail(.operationTookTooLong, of: frame.entry.generation) }
    }

    /// Refuses what a generation still wants that was cut off; its transaction is rolled back, whatever it makes of it.
    func checkGeneration(_ frame: CallFrame) throws(Refusal) {
        guard frame.isCutOff else { return }
        _ = fail(.pluginReplaced)
        throw .retired
    }

    /// Runs one operation with a handle of its own, which is worth nothing afterwards, and then the subscribers of the
    /// events that it published: they see what it has done, and it sees nothing of theirs.
    func run(_ frame: CallFrame, _ input: Record, as actor: Actor) async throws(Refusal) -> Value {
        let start = ContinuousClock.now
        let generation = frame.entry.generation
        generation.begin()
        do {
            let output = try await output(of: frame, input, as: actor)
            generation.end(.done, after: ContinuousClock.now - start)
            return output
        } catch {
            generation.end(isFailed ? .failed : .refused, after: ContinuousClock.now - start)
            throw error
        }
    }

    /// Whether the problem of the session is somebody's failure, and no refusal.
    private var isFailed: Bool {
        switch failure?.code {
        case Problem.Code.internalError, Problem.Code.deadlineExceeded, Problem.Code.unavailable: true
        default: false
        }
    }

    private func output(of frame: CallFrame, _ input: Record, as actor: Actor) async throws(Refusal) -> Value {
        let host = OperationHost(session: self, frame: frame, actor: actor)
        defer { host.revoke() }
        let mailbox = CallMailbox()
        let call = Call(
            business: business, actor: actor, now: PluginAPI.Timestamp(microseconds: request.now.microseconds),
            today: today, host: PostedHost(host, mailbox))
        let output = try await CallRun(frame: frame, session: self, mailbox: mailbox)
            .value(of: frame.operation.name, input, call)
        try checkTime(frame)
        try checkGeneration(frame)
        for event in host.revoke() { try await dispatch(event, from: frame) }
        return output
    }

    /// Runs an operation inside another one. Its refusal ends both: what it did can't be undone alone.
    func lead(
        from frame: CallFrame, to entry: PluginSnapshot.Entry, _ operation: Operation, _ input: Record,
        as actor: Actor
    ) async throws(Refusal) -> Value {
        if entry.quarantine != nil { throw fail(.pluginQuarantined(entry.manifest.id)) }
        guard let next = frame.leading(to: entry, operation) else {
            throw fault(frame, "\(entry.manifest.id).\(operation.name) would go in a circle, or too deep")
        }
        let input = try checked(input, next)
        do {
            return try await run(next, input, as: actor)
        } catch {
            if failure != nil { throw error }
            guard let problem = Problem(error, declared: operation.errors) else {
                throw fault(next, "an undeclared refusal \(error.code)")
            }
            throw fail(problem)
        }
    }

    /// The input of another plugin's operation, held to the same rules as a client's and with its defaults filled in.
    private func checked(_ input: Record, _ frame: CallFrame) throws(Refusal) -> Record {
        guard let json = frame.operation.input.json(of: input, .columns) else {
            throw fault(frame, "an input with values that aren't fields of it")
        }
        let values: [String: JSONValue]
        do {
            values = try InputValidator.input(frame.operation.input, json)
        } catch {
            throw fail(error)
        }
        guard let record = frame.operation.input.record(of: .object(JSONObject(values)), .fields) else {
            throw fault(frame, "an input that doesn't fit the manifest")
        }
        return record
    }

    /// Runs the subscribers of an event; manifests are resolved only when they take all that it carries.
    private func dispatch(_ event: PublishedEvent, from frame: CallFrame) async throws(Refusal) {
        for subscriber in snapshot.subscribers(of: event.name) {
            guard let entry = snapshot[subscriber.plugin],
                let operation = entry.manifest.operation(subscriber.operation)
            else { throw fault(frame, "the subscriber \(subscriber.operation) isn't loaded") }
            _ = try await lead(from: frame, to: entry, operation, event.payload, as: .system)
        }
    }

    private var business: Business {
        let facts = store.business
        return Business(
            id: PluginAPI.RecordID(facts.id), name: facts.name, currency: facts.currency, timeZone: facts.timeZone)
    }

    private var today: LocalDate {
        BusinessDay(timeZone: store.business.timeZone).day(of: request.now)
    }
}

/// An event of a plugin, under its qualified name, and what it says by field name.
struct PublishedEvent: Sendable {
    let name: String
    let payload: Record
}

extension Problem {
    static let operationTookTooLong = Problem(
        .deadlineExceeded, "The operation took too long and was undone; try again, or with less at once.")
    static let pluginReplaced = Problem(
        .unavailable, "The plugin was replaced while the operation ran, and it was undone; try again.",
        retryAfter: .seconds(1))
}
