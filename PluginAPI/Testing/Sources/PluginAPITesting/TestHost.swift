import PluginAPI
import Synchronization

/// The host's side of one call; refuses every use after the operation has returned.
final class TestHost: CallHost {
    private struct Progress {
        var isRetired = false
        var events: [PublishedEvent] = []
    }

    private let business: TestBusiness
    private let plugin: String
    private let depth: Int
    private let progress = Mutex(Progress())

    init(business: TestBusiness, plugin: String, depth: Int) {
        self.business = business
        self.plugin = plugin
        self.depth = depth
    }

    /// Ends the call and gives the events it published.
    func retire() -> [PublishedEvent] {
        progress.withLock { progress in
            progress.isRetired = true
            return progress.events
        }
    }

    func read(_ entity: String, _ id: RecordID, locked: Bool) async throws(Refusal) -> Record? {
        try onShelf { (shelf) throws(Refusal) in shelf.read(entity, id) }
    }

    func find(_ entity: String, matching: Record, limit: Int) async throws(Refusal) -> [Record] {
        try onShelf { (shelf) throws(Refusal) in shelf.find(entity, matching: matching, limit: limit) }
    }

    func create(_ entity: String, _ fields: Record) async throws(Refusal) -> Record {
        try onShelf { (shelf) throws(Refusal) in try shelf.create(entity, fields) }
    }

    func update(_ entity: String, _ id: RecordID, version: Int64, _ fields: Record) async throws(Refusal) -> Record {
        try onShelf { (shelf) throws(Refusal) in try shelf.update(entity, id, version: version, fields) }
    }

    func adjust(
        _ entity: String, _ id: RecordID, _ steps: Record, reason: String?
    ) async throws(Refusal) -> Record {
        try onShelf { (shelf) throws(Refusal) in try shelf.adjust(entity, id, steps) }
    }

    func deleteChildren(_ entity: String, of parent: RecordID) async throws(Refusal) {
        try onShelf { (shelf) throws(Refusal) in shelf.deleteChildren(entity, of: parent) }
    }

    func transition(
        _ entity: String, _ id: RecordID, version: Int64, _ name: String, _ fields: Record, reason: String?
    ) async throws(Refusal) -> Record {
        let moved = try onShelf { (shelf) throws(Refusal) in
            try shelf.transition(entity, id, version: version, name, fields, reason: reason)
        }
        if let event = moved.event { remember(event) }
        return moved.record
    }

    func nextNumber(_ series: String) async throws(Refusal) -> String {
        let entity = "\(plugin).\(series)"
        return try onShelf { (shelf) throws(Refusal) in try shelf.nextNumber(of: entity) }
    }

    func publish(_ event: String, _ payload: Record) async throws(Refusal) {
        let published = PublishedEvent(name: "\(plugin).\(event)", payload: payload)
        try onShelf { (shelf) throws(Refusal) in shelf.events.append(published) }
        remember(published)
    }

    func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value {
        try ensureActive()
        return try await business.perform(operation, input, depth: depth + 1)
    }

    func may(_ permission: String) -> Bool {
        business.permissions?.contains(permission) ?? true
    }

    /// Lines of the log concern nobody here.
    func log(_ message: String) {}

    /// Keeps an event for its subscribers, who run when the operation has returned.
    private func remember(_ event: PublishedEvent) {
        progress.withLock { $0.events.append(event) }
    }

    private func onShelf<Result: Sendable>(
        _ body: (inout Shelf) throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        try ensureActive()
        return try business.shelf.withLock { (shelf) throws(Refusal) in try body(&shelf) }
    }

    private func ensureActive() throws(Refusal) {
        guard progress.withLock({ !$0.isRetired }) else {
            throw Refusal(code: "retired", message: "The operation has returned; its call is over.")
        }
    }
}
