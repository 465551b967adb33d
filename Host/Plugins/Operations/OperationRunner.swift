import HostAuth
import HostManifest
package import HostModel
import HostStorage
import PluginAPI

/// Performs operations: one transaction each, with the plugin's code in the middle.
///
/// Effect, audit rows and events are committed together, after the code has returned, or not at all.
package struct OperationRunner: Sendable {
    private let plugins: PluginSnapshot
    private let storage: any OperationStorage
    private let observer: any Observer

    /// - Parameter plugins: The generations whose code runs; another set has another runner.
    package init(plugins: PluginSnapshot, storage: any OperationStorage, observer: any Observer) {
        self.plugins = plugins
        self.storage = storage
        self.observer = observer
    }

    /// Performs an operation for a principal.
    ///
    /// - Throws: What the operation refuses with, under a declared code; `forbidden`, `not_found`,
    ///   `version_conflict`, `deadline_exceeded`, `unavailable`, `plugin_quarantined` and the other codes of the host;
    ///   `internal_error` for anything that only a wrong plugin does. Nothing was changed then.
    package func perform(_ request: OperationRequest) async throws(Problem) -> OperationResult {
        guard let entry = plugins[request.plugin],
            let operation = entry.manifest.operation(request.operation), let permission = operation.permission
        else { throw .notFound("operation") }
        let scope = try scope(of: request, Permission("\(request.plugin).\(permission)"), entry.generation)
        if entry.quarantine != nil { throw .pluginQuarantined(request.plugin) }
        try entry.threads.enter()
        defer { entry.threads.leave() }
        let deadline = ContinuousClock.now + operation.limits.timeout
        let terms = TransactionTerms(
            principal: request.principal, request: request.request, scope: scope,
            governs: Self.governed(by: permission, in: entry.manifest), isReadOnly: operation.effects == .read,
            timeout: operation.limits.timeout, joined: request.joined)
        // Made once, so that a transaction which is run again is cut off with the rest.
        let frame = CallFrame(entry, operation)
        return try await storage.transaction(terms) { store throws(Problem) in
            let session = OperationSession(
                request, limits: operation.limits, deadline: deadline, snapshot: plugins, store: store,
                observer: observer)
            return try await OperationRun(session: session, frame: frame).result()
        }
    }

    private func scope(
        of request: OperationRequest, _ permission: Permission, _ generation: PluginGeneration
    ) throws(Problem) -> PermissionScope {
        do {
            return try request.principal.permissions.require(permission)
        } catch {
            generation.deny()
            throw error
        }
    }

    /// The entity whose records a permission is about: `work_order` of `work_order.complete`.
    private static func governed(by permission: String, in manifest: Manifest) -> EntityReference? {
        guard let name = permission.split(separator: ".").first.map(String.init), manifest.entity(name) != nil else {
            return nil
        }
        return EntityReference(plugin: manifest.id, name: name)
    }
}
