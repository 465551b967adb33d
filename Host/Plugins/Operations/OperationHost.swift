import HostAuth
import HostManifest
import HostModel
import PluginAPI

/// The host's services for one call of one operation, and nothing beyond: other businesses and later times are out of
/// its reach, and so are records of plugins that its own doesn't require. Those of required plugins it reads; they are
/// written by their own plugin's operations alone, which know the rules for them and speak for them in events.
final class OperationHost: CallHost {
    let session: OperationSession
    let frame: CallFrame
    let actor: Actor
    private let handle = CallHandle()

    init(session: OperationSession, frame: CallFrame, actor: Actor) {
        self.session = session
        self.frame = frame
        self.actor = actor
    }

    /// Ends the services: whoever kept the call gets the refusal `retired` and no data. Gives the events published.
    @discardableResult
    func revoke() -> [PublishedEvent] {
        handle.revoke()
    }

    func read(_ entity: String, _ id: PluginAPI.RecordID, locked: Bool) async throws(Refusal) -> Record? {
        try enter(rows: 1)
        defer { handle.leave() }
        let coding = try coding(of: entity)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.read(coding.reference, HostModel.RecordID(id), locked: locked)
        }
        guard let stored else { return nil }
        return try record(stored, coding)
    }

    func find(_ entity: String, matching: Record, limit: Int) async throws(Refusal) -> [Record] {
        try enter(rows: 0)
        defer { handle.leave() }
        let coding = try coding(of: entity)
        guard Self.findLimits.contains(limit) else { throw session.fault(frame, "a limit of \(limit) records") }
        let values = try values(matching, coding)
        let found = try await passing { () async throws(Problem) in
            try await session.store.find(coding.reference, matching: values, limit: limit)
        }
        try session.spend(rows: found.count, frame)
        var records: [Record] = []
        for stored in found { records.append(try record(stored, coding)) }
        return records
    }

    func create(_ entity: String, _ fields: Record) async throws(Refusal) -> Record {
        try enter(rows: 1)
        defer { handle.leave() }
        let coding = try writable(entity)
        let values = try values(fields, coding)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.create(coding.reference, values)
        }
        return try record(stored, coding)
    }

    func update(
        _ entity: String, _ id: PluginAPI.RecordID, version: Int64, _ fields: Record
    ) async throws(Refusal) -> Record {
        try enter(rows: 1)
        defer { handle.leave() }
        let coding = try writable(entity)
        let values = try values(fields, coding)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.update(coding.reference, HostModel.RecordID(id), version: version, values)
        }
        return try record(stored, coding)
    }

    func adjust(
        _ entity: String, _ id: PluginAPI.RecordID, _ steps: Record, reason: String?
    ) async throws(Refusal) -> Record {
        try enter(rows: 1)
        defer { handle.leave() }
        let coding = try writable(entity)
        var adding: [String: Int64] = [:]
        for (name, value) in steps.values {
            guard case .int(let step) = value, coding.entity.field(name)?.isCounter == true else {
                throw session.fault(frame, "\(entity) has no counter \(name)")
            }
            adding[name] = step
        }
        let stored = try await passing { () async throws(Problem) in
            try await session.store.adjust(
                coding.reference, HostModel.RecordID(id), adding: adding, reason: reason)
        }
        return try record(stored, coding)
    }

    func deleteChildren(_ entity: String, of parent: PluginAPI.RecordID) async throws(Refusal) {
        try enter(rows: 1)
        defer { handle.leave() }
        let coding = try writable(entity)
        try await passing { () async throws(Problem) in
            try await session.store.deleteChildren(coding.reference, of: HostModel.RecordID(parent))
        }
    }

    func transition(
        _ entity: String, _ id: PluginAPI.RecordID, version: Int64, _ name: String, _ fields: Record, reason: String?
    ) async throws(Refusal) -> Record {
        try enter(rows: 1)
        defer { handle.leave() }
        let coding = try writable(entity)
        guard let transition = coding.entity.states?.transitions.first(where: { $0.name == name }) else {
            throw session.fault(frame, "an unknown transition \(name) of \(entity)")
        }
        if let operation = transition.operation, operation != frame.operation.name {
            throw session.fault(frame, "the transition \(name) of \(entity) is applied by \(operation) alone")
        }
        let values = try values(fields, coding)
        let stored = try await passing { () async throws(Problem) in
            try await session.store.transition(
                coding.reference, HostModel.RecordID(id), version: version, name, values, reason: reason)
        }
        let moved = try record(stored, coding)
        if let name = transition.emits { handle.remember(emitted(name, by: moved, coding)) }
        return moved
    }

    func nextNumber(_ series: String) async throws(Refusal) -> String {
        try enter(rows: 0)
        defer { handle.leave() }
        return try await passing { () async throws(Problem) in
            try await session.store.nextNumber(series, in: frame.plugin)
        }
    }

    func publish(_ event: String, _ payload: Record) async throws(Refusal) {
        try enter(rows: 1)
        defer { handle.leave() }
        guard let type = frame.entry.manifest.publishes.first(where: { $0.name == event }),
            let json = type.payload.json(of: payload, .columns)
        else { throw session.fault(frame, "an event that isn't declared like this: \(event)") }
        let published = PublishedEvent(name: "\(frame.plugin).\(event)", payload: payload)
        try await passing { () async throws(Problem) in
            try await session.store.publish(published.name, json)
        }
        handle.remember(published)
    }

    func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value {
        try enter(rows: 0)
        defer { handle.leave() }
        let parts = operation.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let plugin = PluginID(parts[0]),
            frame.entry.manifest.requires.contains(where: { $0.plugin == plugin }),
            let entry = session.snapshot[plugin], let called = entry.manifest.operation(parts[1])
        else { throw session.fault(frame, "\(operation) is no operation of a required plugin") }
        if frame.operation.effects == .read, called.effects != .read {
            throw session.fault(frame, "a read operation performs \(operation), which writes")
        }
        // The right to an operation carries what it does through the plugins that its manifest requires: who may
        // invoice a work order need not be let loose on all invoices.
        return try await session.lead(from: frame, to: entry, called, input, as: actor)
    }

    func may(_ permission: String) -> Bool {
        if handle.isRevoked || frame.isCutOff { return false }
        return switch actor {
        case .user: session.request.principal.permissions.scope(of: Permission(permission)) != nil
        case .system: true
        @unknown default: false
        }
    }

    func log(_ message: String) {
        if handle.isRevoked { return }
        session.observer.observe(
            .pluginLogged(
                frame.plugin, operation: frame.operation.name, request: session.request.request,
                message: String(message.prefix(Self.logCharactersMax))))
    }

    private static let logCharactersMax = 2_000
    private static let findLimits = 1...1_000
}

extension OperationHost {
    /// The refusal of a use that came before the one before had ended.
    func refusedAsBusy() -> Refusal { session.fault(frame, "two uses of one call at once") }

    /// Begins every service: the handle is still good, and the operation within its limits.
    private func enter(rows: Int) throws(Refusal) {
        switch handle.enter() {
        case .admitted: break
        case .retired: throw .retired
        case .busy: throw refusedAsBusy()
        }
        do throws(Refusal) {
            try session.checkGeneration(frame)
            try session.spend(rows: rows, frame)
        } catch {
            handle.leave()
            throw error
        }
    }

    /// Runs a step of the store; its problem stays with the session, its time is counted.
    private func passing<Result>(
        _ step: () async throws(Problem) -> Result
    ) async throws(Refusal) -> Result {
        let generation = frame.entry.generation
        let start = ContinuousClock.now
        defer { generation.spentInStore(ContinuousClock.now - start) }
        do {
            return try await step()
        } catch {
            throw session.fail(error, of: error.code == .deadlineExceeded ? generation : nil)
        }
    }

    /// An entity of this plugin or of one that it requires.
    private func coding(of name: String) throws(Refusal) -> EntityCoding {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, let plugin = PluginID(parts[0]) {
            let reference = EntityReference(plugin: plugin, name: parts[1])
            let isReachable =
                plugin == frame.plugin || frame.entry.manifest.requires.contains { $0.plugin == plugin }
            if isReachable, let coding = session.snapshot.coding(of: reference) { return coding }
        }
        throw session.fault(frame, "\(name) is no entity of this plugin or of a required one")
    }

    /// An entity of this plugin: no other plugin's records are written here.
    private func writable(_ name: String) throws(Refusal) -> EntityCoding {
        let coding = try coding(of: name)
        guard coding.reference.plugin == frame.plugin else {
            throw session.fault(frame, "\(name) is written by operations of \(coding.reference.plugin) alone")
        }
        return coding
    }

    private func values(_ fields: Record, _ coding: EntityCoding) throws(Refusal) -> [String: JSONValue] {
        guard let values = coding.values(of: fields) else {
            throw session.fault(frame, "values that aren't fields of \(coding.reference)")
        }
        return values
    }

    private func record(_ stored: any StoredForm, _ coding: EntityCoding) throws(Refusal) -> Record {
        guard let record = coding.record(of: stored) else {
            throw session.fault(frame, "a stored \(coding.reference) doesn't fit its manifest")
        }
        return record
    }

    /// What this plugin's event says that a transition emits: record fields, and its id for a reference to its entity.
    private func emitted(_ name: String, by record: Record, _ coding: EntityCoding) -> PublishedEvent {
        var payload = Record()
        for field in frame.entry.manifest.publishes.first(where: { $0.name == name })?.payload ?? [] {
            let isRecord = coding.entity.field(field.name) == nil && field.type == .reference(coding.reference)
            payload[field.name] = record[isRecord ? "id" : field.name]
        }
        return PublishedEvent(name: "\(frame.plugin).\(name)", payload: payload)
    }
}
