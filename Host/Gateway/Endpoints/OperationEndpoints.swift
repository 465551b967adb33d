import HostManifest
import HostModel
import HostPlugins
import HostStorage

/// Makes the endpoints of operations: the plugin's code in one transaction.
struct OperationEndpoints: Sendable {
    let runner: OperationRunner
    let clock: any WallClock
    /// What the answers of operations offer next, by the entity that they answer with.
    let actions: [String: RecordActions]

    func perform(_ operation: HostManifest.Operation, of manifest: Manifest) -> any TenantEndpoint {
        OperationCall(
            runner: runner, clock: clock, plugin: manifest.id, operation: operation,
            base: Self.base(of: operation, manifest), actions: actions(of: operation))
    }

    private func actions(of operation: HostManifest.Operation) -> RecordActions? {
        guard case .entity(let name) = operation.output else { return nil }
        return actions[name]
    }

    /// Where the records that a create operation makes are found; nil for other operations.
    private static func base(of operation: HostManifest.Operation, _ manifest: Manifest) -> String? {
        guard let entity = operation.replacesCreateOf.flatMap({ manifest.entity($0) }) else { return nil }
        return "/api/\(manifest.id)/app/v1/\(entity.route)"
    }
}

private struct OperationCall: TenantEndpoint {
    let runner: OperationRunner
    let clock: any WallClock
    let plugin: PluginID
    let operation: HostManifest.Operation
    /// Where a new record is found; nil when the operation makes none.
    let base: String?
    /// Nil when it answers with no record, or with one that has no statuses.
    let actions: RecordActions?

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        var input = request.body.values
        if operation.route?.path.contains("{id}") == true { input["id"] = .string(try request.recordID().description) }
        let result = try await runner.perform(
            OperationRequest(
                plugin: plugin, operation: operation.name, input: input, expectedVersion: request.version,
                principal: request.principal, request: request.http.id, now: clock.now(),
                joined: request.tenant.joined))
        guard let json = result.json else { return .noContent }
        var fields: [HTTPResponse.Field] = []
        if let version = result.version { fields.append(EntityTag.field(version: version)) }
        if let base, let record = result.record { fields.append(.init("Location", "\(base)/\(record)")) }
        var bytes = Array(json.utf8)
        if let actions, let record = result.record, let standing = result.standing {
            bytes.removeLast()
            bytes += actions.ending(record, standing, for: request.principal)
        }
        return .json(bytes, status: base == nil ? 200 : 201, fields: fields)
    }
}
