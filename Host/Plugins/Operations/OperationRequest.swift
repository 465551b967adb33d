package import HostAuth
package import HostModel
package import HostStorage

/// One operation to perform: everything was checked that needs only the request and the manifest.
package struct OperationRequest: Sendable {
    package let plugin: PluginID
    package let operation: String
    /// By field name, as `InputValidator` gives it; with `id` when the route has one.
    package let input: [String: JSONValue]
    /// The version that the client saw (`If-Match`) of the record that the input's `id` names; nil to take any.
    package let expectedVersion: Int64?
    /// Who asks; its permission for the operation is checked here too.
    package let principal: Principal
    package let request: RequestID
    /// The instant of the request.
    package let now: Timestamp
    /// The open transaction that the operation is part of; nil for one of its own.
    package let joined: JoinedTransaction?

    package init(
        plugin: PluginID, operation: String, input: [String: JSONValue], expectedVersion: Int64? = nil,
        principal: Principal, request: RequestID, now: Timestamp, joined: JoinedTransaction? = nil
    ) {
        self.plugin = plugin
        self.operation = operation
        self.input = input
        self.expectedVersion = expectedVersion
        self.principal = principal
        self.request = request
        self.now = now
        self.joined = joined
    }
}

/// What an operation answered with; it is committed.
package struct OperationResult: Hashable, Sendable {
    /// JSON text: the record exactly as a GET would show it, or the declared fields. Nil for an operation without
    /// output.
    package let json: String?
    /// The record's version, for the ETag; nil when the output is no record.
    package let version: Int64?
    /// The record's id, for `Location`; nil when the output is no record.
    package let record: RecordID?
    /// What the record's next actions depend on; nil when the output is no record or one without statuses.
    package let standing: RecordStanding?

    package init(json: String?, version: Int64?, record: RecordID?, standing: RecordStanding? = nil) {
        self.json = json
        self.version = version
        self.record = record
        self.standing = standing
    }
}
