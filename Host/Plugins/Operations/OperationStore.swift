package import HostManifest
package import HostModel
package import HostStorage

/// One transaction of one business, as operations use it: records come as the JSON that GET shows, and are written
/// as values in JSON form, keyed by field name (a parent by its entity's name).
///
/// Used by one task at a time. A thrown problem leaves the transaction fit for nothing but a rollback.
package protocol OperationStore: Sendable {
    associatedtype Stored: StoredForm

    /// The business that the transaction is bound to.
    var business: BusinessFacts { get }

    /// Nil when this business has no such record; `locked` holds it until the transaction ends.
    func read(_ entity: EntityReference, _ id: RecordID, locked: Bool) async throws(Problem) -> Stored?
    /// Records whose fields equal `matching`, ordered by id, at most `limit`.
    func find(
        _ entity: EntityReference, matching: [String: JSONValue], limit: Int
    ) async throws(Problem) -> [Stored]
    func create(_ entity: EntityReference, _ values: [String: JSONValue]) async throws(Problem) -> Stored
    func update(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ values: [String: JSONValue]
    ) async throws(Problem) -> Stored
    /// Adds steps to counters, by field name.
    func adjust(
        _ entity: EntityReference, _ id: RecordID, adding steps: [String: Int64], reason: String?
    ) async throws(Problem) -> Stored
    func deleteChildren(_ entity: EntityReference, of parent: RecordID) async throws(Problem)
    /// Puts the event that the transition emits into the outbox too.
    func transition(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ name: String,
        _ values: [String: JSONValue], reason: String?
    ) async throws(Problem) -> Stored
    /// The next number of an entity's sequence field.
    func nextNumber(_ series: String, in plugin: PluginID) async throws(Problem) -> String
    /// Puts an event into the outbox; the payload is by column.
    func publish(_ event: String, _ payload: JSONObject) async throws(Problem)
}

/// A record as it stands in the database.
package protocol StoredForm: Sendable {
    var version: Int64 { get }
    /// The UTF-8 of its JSON, byte for byte what GET answers with.
    var utf8: [UInt8] { get }
    /// Status and maker; nil where they weren't read with it.
    var standing: RecordStanding? { get }
    /// What the masks in the JSON hide, by member.
    var secrets: [String: JSONValue] { get }
}

/// Opens transactions for operations.
package protocol OperationStorage: Sendable {
    /// Runs the body in one transaction, commits when it returns and rolls back when it throws. A transaction that
    /// PostgreSQL gave up for another one (SQLSTATE 40001, 40P01) is run once more, so the body may run twice.
    func transaction<Result: Sendable>(
        _ terms: TransactionTerms, _ body: (any OperationStore) async throws(Problem) -> Result
    ) async throws(Problem) -> Result
}

extension StoredForm {
    package var secrets: [String: JSONValue] { [:] }
}

extension StoredRecord: StoredForm {
    package var utf8: [UInt8] { json.bytes }
}

extension OperationTransaction: OperationStore {}

extension OperationTransactions: OperationStorage {
    package func transaction<Result: Sendable>(
        _ terms: TransactionTerms, _ body: (any OperationStore) async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        try await run(terms) { transaction throws(Problem) in try await body(transaction) }
    }
}
