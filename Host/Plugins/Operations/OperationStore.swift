package import HostAuth
package import HostManifest
package import HostModel

/// One transaction of one business, as operations use it: records come as the JSON that GET shows, and are written
/// as values in JSON form, keyed by field name (a parent by its entity's name).
///
/// Used by one task at a time. A thrown problem leaves the transaction fit for nothing but a rollback.
package protocol OperationStore: Sendable {
    /// The business that the transaction is bound to.
    var business: BusinessFacts { get }

    /// Nil when this business has no such record; `locked` holds it until the transaction ends.
    func read(
        _ entity: EntityReference, _ id: RecordID, locked: Bool
    ) async throws(Problem) -> StoredRecord?
    /// Records whose fields equal `matching`, ordered by id, at most `limit`.
    func find(
        _ entity: EntityReference, matching: [String: JSONValue], limit: Int
    ) async throws(Problem) -> [StoredRecord]
    func create(_ entity: EntityReference, _ values: [String: JSONValue]) async throws(Problem) -> StoredRecord
    func update(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ values: [String: JSONValue]
    ) async throws(Problem) -> StoredRecord
    func deleteChildren(_ entity: EntityReference, of parent: RecordID) async throws(Problem)
    func transition(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ name: String,
        _ values: [String: JSONValue], reason: String?
    ) async throws(Problem) -> StoredRecord
    /// The next number of the sequence field of an entity.
    func nextNumber(_ series: String, in plugin: PluginID) async throws(Problem) -> String
    /// Writes an event to the outbox.
    func publish(_ event: String, _ payload: JSONObject) async throws(Problem)
}

/// A record as it stands in the database.
package struct StoredRecord: Hashable, Sendable {
    /// JSON text, byte for byte what GET answers with.
    package let json: String
    package let version: Int64

    package init(json: String, version: Int64) {
        self.json = json
        self.version = version
    }
}

/// What operations may know of the business they work for.
package struct BusinessFacts: Hashable, Sendable {
    package let id: BusinessID
    package let name: String
    /// ISO 4217.
    package let currency: String
    /// IANA name.
    package let timeZone: String

    package init(id: BusinessID, name: String, currency: String, timeZone: String) {
        self.id = id
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
    }
}

/// Opens transactions for operations.
package protocol OperationStorage: Sendable {
    /// Runs the body in one transaction, commits when it returns and rolls back when it throws. A transaction that
    /// PostgreSQL gave up for another one (SQLSTATE 40001, 40P01) is run once more, so the body may run twice.
    func transaction<Result: Sendable>(
        _ terms: TransactionTerms, _ body: @Sendable (any OperationStore) async throws(Problem) -> Result
    ) async throws(Problem) -> Result
}

/// For whom a transaction is, and what it may do.
package struct TransactionTerms: Sendable {
    package let principal: Principal
    package let request: RequestID
    /// The instant of the request.
    package let now: Timestamp
    /// How far the permission of the operation reaches: with `own`, other users' records aren't there.
    package let scope: PermissionScope
    package let isReadOnly: Bool
    package let timeout: Duration

    package init(
        principal: Principal, request: RequestID, now: Timestamp, scope: PermissionScope, isReadOnly: Bool,
        timeout: Duration
    ) {
        self.principal = principal
        self.request = request
        self.now = now
        self.scope = scope
        self.isReadOnly = isReadOnly
        self.timeout = timeout
    }
}
