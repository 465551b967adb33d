import HostAuth
import HostManifest
import HostModel
import PluginAPI
import Synchronization

/// The host's services for one call of one operation, and nothing beyond: other businesses, other plugins' records
/// and later times are out of its reach.
final class OperationHost: CallHost {
    let session: OperationSession
    let frame: CallFrame
    let actor: Actor
    private let isRevoked = Mutex(false)

    init(session: OperationSession, frame: CallFrame, actor: Actor) {
        self.session = session
        self.frame = frame
        self.actor = actor
    }

    /// Ends the handle: whoever kept it gets the refusal `retired` and no data.
    func revoke() {
        isRevoked.withLock { $0 = true }
    }

    func read(_ entity: String, _ id: PluginAPI.RecordID, locked: Bool) async throws(Refusal) -> Record? {
        try enter(rows: 1)
        let coding = try coding(of: entity)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.read(coding.reference, HostModel.RecordID(id), locked: locked)
        }
        guard let stored else { return nil }
        return try record(stored, coding)
    }

    func find(_ entity: String, matching: Record, limit: Int) async throws(Refusal) -> [Record] {
        try enter(rows: 0)
        let coding = try coding(of: entity)
        guard (1...1_000).contains(limit) else { throw session.fault(frame, "a limit of \(limit) records") }
        let columns = try columns(matching, coding)
        let found = try await passing { () async throws(Problem) in
            try await session.store.find(coding.reference, matching: columns, limit: limit)
        }
        try session.spend(rows: found.count, frame)
        var records: [Record] = []
        for stored in found { records.append(try record(stored, coding)) }
        return records
    }

    func create(_ entity: String, _ fields: Record) async throws(Refusal) -> Record {
        try enter(rows: 1)
        let coding = try coding(of: entity)
        let columns = try columns(fields, coding)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.create(coding.reference, columns)
        }
        return try record(stored, coding)
    }

    func update(
        _ entity: String, _ id: PluginAPI.RecordID, version: Int64, _ fields: Record
    ) async throws(Refusal) -> Record {
        try enter(rows: 1)
        let coding = try coding(of: entity)
        let columns = try columns(fields, coding)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.update(coding.reference, HostModel.RecordID(id), version: version, columns)
        }
        return try record(stored, coding)
    }

    func deleteChildren(_ entity: String, of parent: PluginAPI.RecordID) async throws(Refusal) {
        try enter(rows: 1)
        let coding = try coding(of: entity)
        try await passing { () async throws(Problem) in
            try await session.store.deleteChildren(coding.reference, of: HostModel.RecordID(parent))
        }
    }

    func transition(
        _ entity: String, _ id: PluginAPI.RecordID, version: Int64, _ name: String, _ fields: Record, reason: String?
    ) async throws(Refusal) -> Record {
        try enter(rows: 1)
        let coding = try coding(of: entity)
        guard let transition = coding.entity.states?.transitions.first(where: { $0.name == name }) else {
            throw session.fault(frame, "an unknown transition \(name) of \(entity)")
        }
        let columns = try columns(fields, coding)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.transition(
                coding.reference, HostModel.RecordID(id), version: version, name, columns, reason: reason)
        }
        let moved = try record(stored, coding)
        if let event = transition.emits { try await dispatch(event, coding.payload(of: moved, for: event, frame)) }
        return moved
    }

    func nextNumber(_ series: String) async throws(Refusal) -> String {
        try enter(rows: 0)
        return try await passing { () async throws(Problem) in
            try await session.store.nextNumber(series, in: frame.plugin)
        }
    }

    func publish(_ event: String, _ payload: Record) async throws(Refusal) {
        try enter(rows: 1)
        let name = unprefixed(event)
        guard let type = frame.entry.manifest.publishes.first(where: { $0.name == name }),
            let json = type.payload.json(of: payload, .columns)
        else { throw session.fault(frame, "an event that isn't declared like this: \(event)") }
        try await passing { () async throws(Problem) in
            try await session.store.publish("\(frame.plugin).\(name)", json)
        }
        try await dispatch(name, payload)
    }

    func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value {
        try enter(rows: 0)
        let parts = operation.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let plugin = PluginID(parts[0]),
            frame.entry.manifest.requires.contains(where: { $0.plugin == plugin }),
            let entry = session.snapshot[plugin], let called = entry.manifest.operation(parts[1])
        else { throw session.fault(frame, "\(operation) is no operation of a required plugin") }
        if frame.operation.effects == .read, called.effects != .read {
            throw session.fault(frame, "a read operation performs \(operation), which writes")
        }
        if let permission = called.permission, !may("\(plugin).\(permission)") {
            throw session.fail(Problem(.forbidden, "Your role doesn't include \(plugin).\(permission)."))
        }
        return try await lead(to: entry, called, input, as: actor)
    }

    func may(_ permission: String) -> Bool {
        switch actor {
        case .user: session.request.principal.permissions.scope(of: Permission(permission)) != nil
        case .system: true
        @unknown default: false
        }
    }

    func log(_ message: String) {
        session.observer.observe(
            .pluginLogged(
                frame.plugin, operation: frame.operation.name, request: session.request.request, message: message))
    }
}

extension OperationHost {
    /// Begins every service: the handle is still good, and the operation within its limits.
    private func enter(rows: Int) throws(Refusal) {
        if isRevoked.withLock({ $0 }) { throw .retired }
        try session.spend(rows: rows, frame)
    }

    /// Runs a step of the store; its problem stays with the session.
    private func passing<Result: Sendable>(
        _ step: () async throws(Problem) -> Result
    ) async throws(Refusal) -> Result {
        do {
            return try await step()
        } catch {
            throw session.fail(error)
        }
    }

    /// An entity of this plugin or of one that it requires.
    private func coding(of name: String) throws(Refusal) -> EntityCoding {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, let plugin = PluginID(parts[0]) {
            let reference = EntityReference(plugin: plugin, name: parts[1])
            let isReachable =
                plugin == frame.plugin || frame.entry.manifest.requires.contains { $0.plugin == plugin }
            if isReachable, let entity = session.snapshot.manifests.entity(reference) {
                return EntityCoding(reference, entity)
            }
        }
        throw session.fault(frame, "\(name) is no entity of this plugin or of a required one")
    }

    private func columns(_ fields: Record, _ coding: EntityCoding) throws(Refusal) -> [String: JSONValue] {
        guard let columns = coding.columns(of: fields) else {
            throw session.fault(frame, "values that aren't fields of \(coding.reference)")
        }
        return columns
    }

    private func record(_ stored: StoredRecord, _ coding: EntityCoding) throws(Refusal) -> Record {
        guard let record = coding.record(of: stored) else {
            throw session.fault(frame, "a stored \(coding.reference) doesn't fit its manifest")
        }
        return record
    }

    private func unprefixed(_ event: String) -> String {
        let prefix = "\(frame.plugin)."
        return event.hasPrefix(prefix) ? String(event.dropFirst(prefix.count)) : event
    }

    /// Runs the subscribers of an event of this plugin, in this transaction; each gets the fields it asks for.
    private func dispatch(_ event: String, _ payload: Record) async throws(Refusal) {
        for subscriber in session.snapshot.subscribers(of: "\(frame.plugin).\(event)") {
            guard let entry = session.snapshot[subscriber.plugin],
                let operation = entry.manifest.operation(subscriber.operation)
            else { throw session.fault(frame, "the subscriber \(subscriber.operation) isn't loaded") }
            let names = Set(operation.input.map(\.name))
            let input = Record(payload.values.filter { names.contains($0.key) })
            _ = try await lead(to: entry, operation, input, as: .system)
        }
    }

    /// Runs an operation inside this one. Its refusal ends this one as well: what it did can't be undone alone.
    private func lead(
        to entry: PluginSnapshot.Entry, _ operation: Operation, _ input: Record, as actor: Actor
    ) async throws(Refusal) -> Value {
        guard let next = frame.leading(to: entry, operation) else {
            throw session.fault(frame, "\(entry.manifest.id).\(operation.name) would go in a circle, or too deep")
        }
        do {
            return try await session.run(next, input, as: actor)
        } catch {
            if session.failure != nil { throw error }
            guard let problem = Problem(error, declared: operation.errors) else {
                throw session.fault(next, "an undeclared refusal \(error.code)")
            }
            throw session.fail(problem)
        }
    }
}

extension EntityCoding {
    /// What an event that a transition emits says: the record's id under the entity's name, and fields of the record.
    fileprivate func payload(of record: Record, for event: String, _ frame: CallFrame) -> Record {
        let owner = frame.entry.manifest
        var payload = Record()
        for field in owner.publishes.first(where: { $0.name == event })?.payload ?? [] {
            payload[field.name] = field.name == entity.name ? record["id"] : record[field.name]
        }
        return payload
    }
}
