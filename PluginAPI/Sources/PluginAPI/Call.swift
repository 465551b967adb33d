/// One call of an operation: who asks, for which business, when, and the host's services for it. Since 1.0.
///
/// Valid until the operation returns; a call that is kept longer answers every use with the refusal `retired`.
/// One task at a time may use it: the operation is one transaction, and its steps have an order.
public struct Call: Sendable {
    /// The business that the call works for; every service below is bound to it.
    public let business: Business
    /// Who asked.
    public let actor: Actor
    /// The instant of the request; the same for the whole call.
    public let now: Timestamp
    /// The day of ``now`` in the business's time zone.
    public let today: LocalDate
    /// Reads and writes records of this plugin, and reads those of the plugins it requires.
    public let store: Store

    private let host: any CallHost

    /// Made by the host for each operation, and by tests with a host of their own.
    public init(business: Business, actor: Actor, now: Timestamp, today: LocalDate, host: any CallHost) {
        self.business = business
        self.actor = actor
        self.now = now
        self.today = today
        self.host = host
        store = Store(host: host)
    }

    /// Whether the actor holds a permission, such as `hs.work_order.discount`.
    public func may(_ permission: String) -> Bool {
        host.may(permission)
    }

    /// Publishes an event that the manifest declares; it is committed with the operation or not at all.
    ///
    /// Subscribers run in the same transaction when this operation has returned; the refusal of one ends all.
    ///
    /// - Parameters:
    ///   - event: Without the plugin's prefix, such as `work_order.completed`.
    ///   - payload: By field name.
    public func publish(_ event: String, _ payload: Record) async throws(Refusal) {
        try await host.publish(event, payload)
    }

    /// Performs an operation of a required plugin inside this call's transaction.
    ///
    /// When it is refused, this operation can't succeed any more: what the other one had done can't be undone alone.
    ///
    /// Generated code calls it with typed inputs. The actor needs no permission in the other plugin: the right to this
    /// operation carries what it does.
    public func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value {
        try await host.perform(operation, input)
    }

    /// Writes a line to the host's log, with plugin, operation and request added by the host.
    public func log(_ message: String) {
        host.log(message)
    }
}

/// What a plugin may know of the business it works for. Since 1.0.
public struct Business: Hashable, Sendable {
    /// The business's id.
    public let id: RecordID
    /// Its name.
    public let name: String
    /// ISO 4217, three capital letters.
    public let currency: String
    /// IANA name, such as `America/Chicago`.
    public let timeZone: String

    /// Made by the host.
    public init(id: RecordID, name: String, currency: String, timeZone: String) {
        self.id = id
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
    }
}

/// Who asked for an operation. Since 1.0.
public enum Actor: Hashable, Sendable {
    /// A signed-in user.
    case user(RecordID)
    /// The platform itself: an event's subscriber.
    case system
}

/// The host's side of a call. Implemented by the host, and by test doubles of plugin authors. Since 1.0.
///
/// Every function may suspend for the database and throws `deadline_exceeded` past the operation's time limit.
/// New requirements come with defaults, so that older test doubles stay valid.
public protocol CallHost: Sendable {
    /// Reads a record, nil when this business has none with that id; `locked` holds it until the operation ends.
    func read(_ entity: String, _ id: RecordID, locked: Bool) async throws(Refusal) -> Record?
    /// Finds records whose fields equal `matching`, ordered by id, at most `limit` (1 to 1,000).
    func find(_ entity: String, matching: Record, limit: Int) async throws(Refusal) -> [Record]
    /// Stores a new record of this plugin and gives it back with id and version.
    func create(_ entity: String, _ fields: Record) async throws(Refusal) -> Record
    /// Changes fields of a record of this plugin whose version is still `version`, and gives it back.
    func update(_ entity: String, _ id: RecordID, version: Int64, _ fields: Record) async throws(Refusal) -> Record
    /// Deletes all child records of a parent; lines only. No status of the parent is held against it: the plugin's own
    /// states decide when.
    func deleteChildren(_ entity: String, of parent: RecordID) async throws(Refusal)
    /// Moves a record of this plugin through a transition that is this operation's or no operation's, changing fields
    /// in the same step.
    func transition(
        _ entity: String, _ id: RecordID, version: Int64, _ name: String, _ fields: Record, reason: String?
    ) async throws(Refusal) -> Record
    /// The next number of a gap-free series of this business, such as `INV-000007`; held until the operation ends.
    func nextNumber(_ series: String) async throws(Refusal) -> String
    /// Publishes a declared event with the operation's transaction.
    func publish(_ event: String, _ payload: Record) async throws(Refusal)
    /// Performs an operation of a required plugin in the same transaction.
    func perform(_ operation: String, _ input: Record) async throws(Refusal) -> Value
    /// Whether the actor holds a permission.
    func may(_ permission: String) -> Bool
    /// Writes a log line.
    func log(_ message: String)
    /// Adds steps to counters of a record of this plugin, by field name, and gives the record back. Since 1.2.
    func adjust(
        _ entity: String, _ id: RecordID, _ steps: Record, reason: String?
    ) async throws(Refusal) -> Record
}

extension CallHost {
    /// What a test double of before 1.2 answers with: it has no counters.
    public func adjust(
        _ entity: String, _ id: RecordID, _ steps: Record, reason: String?
    ) async throws(Refusal) -> Record {
        throw Refusal(code: "unsupported", message: "This host adjusts no counters.")
    }
}
