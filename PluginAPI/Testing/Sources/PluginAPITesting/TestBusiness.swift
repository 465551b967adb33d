public import PluginAPI
import Synchronization

/// A business in memory, with plugins to call: what handlers are tested against without a host or a database.
///
/// Each call of ``perform(_:_:)`` is one transaction, with the subscribers of its events in it: when it throws,
/// nothing of it is left. Several tasks may read at once; operations are called one after another.
public final class TestBusiness: Sendable {
    /// How deep operations may call each other, themselves or through events.
    static let depthMax = 4

    let business: Business
    let actor: Actor
    /// The instant of every call.
    public let now: Timestamp
    let today: LocalDate
    let permissions: Set<String>?
    let plugins: [String: TestPlugin]
    let shelf: Mutex<Shelf>

    /// Opens a business without records.
    ///
    /// - Parameters:
    ///   - plugins: The plugin under test and those that it requires.
    ///   - currency: ISO 4217.
    ///   - now: The instant of every call; `today` is its day in UTC.
    ///   - permissions: Those of the actor; nil grants all.
    public init(
        _ plugins: [TestPlugin], currency: String = "USD",
        now: Timestamp = Timestamp(microseconds: 1_795_359_600_000_000), permissions: Set<String>? = nil
    ) {
        business = Business(
            id: RecordID(high: 1, low: 1), name: "Test Plumbing", currency: currency, timeZone: "Etc/UTC")
        actor = .user(RecordID(high: 1, low: 2))
        self.now = now
        guard let epoch = LocalDate(year: 1970, month: 1, day: 1) else { preconditionFailure("The epoch is a day.") }
        today = epoch.adding(days: Int(now.microseconds / 86_400_000_000))
        self.permissions = permissions
        self.plugins = Dictionary(
            plugins.map { ($0.plugin.descriptor.id, $0) }, uniquingKeysWith: { first, _ in first })
        shelf = Mutex(Shelf(rules: plugins.flatMap(\.entities)))
    }

    /// Performs an operation as the host does: all or nothing.
    ///
    /// - Parameters:
    ///   - operation: With its plugin's prefix, such as `core.createInvoice`.
    ///   - input: By field name; the host would have checked it against the manifest.
    @discardableResult
    public func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value {
        let before = shelf.withLock { $0 }
        do throws(Refusal) {
            return try await perform(operation, input, depth: 0)
        } catch {
            shelf.withLock { $0 = before }
            throw error
        }
    }

    /// Stores a record that a test begins with, and gives its id.
    @discardableResult
    public func add(_ entity: String, _ fields: Record) throws(Refusal) -> RecordID {
        let record = try shelf.withLock { (shelf) throws(Refusal) in try shelf.create(entity, fields) }
        return try record.required("id")
    }

    /// Moves a record through a transition that the host applies on its own route.
    public func transition(
        _ entity: String, _ id: RecordID, _ name: String, reason: String? = nil
    ) throws(Refusal) {
        _ = try shelf.withLock { (shelf) throws(Refusal) in
            try shelf.transition(entity, id, version: nil, name, [:], reason: reason)
        }
    }

    /// Reads a record.
    public func record(_ entity: String, _ id: RecordID) -> Record? {
        shelf.withLock { $0.read(entity, id) }
    }

    /// All records of an entity, in the order they were made.
    public func records(_ entity: String) -> [Record] {
        shelf.withLock { $0.find(entity, matching: [:], limit: .max) }
    }

    /// Every event published so far, in order.
    public var events: [PublishedEvent] {
        shelf.withLock { $0.events }
    }

    /// Performs an operation and then the subscribers of its events, in the transaction that is open.
    func perform(_ operation: String, _ input: Record, depth: Int) async throws(Refusal) -> Value {
        guard depth < Self.depthMax else {
            throw Refusal(code: "cascade_too_deep", message: "Operations call each other too deeply.")
        }
        let parts = operation.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let plugin = plugins[parts[0]] else { throw .notFound("plugin of \(operation)") }
        let host = TestHost(business: self, plugin: parts[0], depth: depth)
        let call = Call(business: business, actor: actor, now: now, today: today, host: host)
        let output = try await plugin.plugin.perform(parts[1], input, call)
        for event in host.retire() { try await dispatch(event, depth: depth + 1) }
        return output
    }

    private func dispatch(_ event: PublishedEvent, depth: Int) async throws(Refusal) {
        for (id, plugin) in plugins.sorted(by: { $0.key < $1.key }) {
            guard let operation = plugin.subscriptions[event.name] else { continue }
            _ = try await perform("\(id).\(operation)", event.payload, depth: depth)
        }
    }
}
