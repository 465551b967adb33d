import Foundation
import HostAuth
import HostManifest
import HostModel
import PluginAPI
import Synchronization

// Snapshots are put together by the registry alone; here they hold plugins that are part of the test.
@testable import HostPlugins

/// A host with one operation to perform, whose code the test gives.
struct Stage {
    typealias Handler = @Sendable (Record, Call) async throws(Refusal) -> Value

    static let business = BusinessID(UUID())
    static let user = UserID(UUID())
    /// 2026-11-22T03:00:00Z, still the day before in Chicago.
    static let now = HostModel.Timestamp(microseconds: 1_795_316_400_000_000)

    let storage = StageStorage()
    let observer = StageObserver()
    private let runner: OperationRunner
    private let generations: [PluginGeneration]
    private let grants: String

    init(
        operation: HostManifest.Operation? = nil, output: HostManifest.Operation.Output = .nothing,
        errors: [String] = [], grants: String = "fx.*", fields: [Field] = [title], _ handler: @escaping Handler
    ) throws {
        let thing = FixtureManifest.entity("thing", fields)
        let input = [FixtureManifest.field("id", .uuid)]
        let operation =
            operation ?? FixtureManifest.operation("echo", input: input, output: output, errors: errors)
        let manifest = try FixtureManifest.make(entities: [thing], operations: [operation])
        try self.init([(manifest, handler)], grants: grants)
    }

    static let title = FixtureManifest.field("title", .text(min: 0, max: 9, pattern: nil))

    /// A plugin `fx` that publishes `done`, and a plugin `sub` that requires it and subscribes.
    static func pair(publisher: @escaping Handler, subscriber: @escaping Handler) throws -> Stage {
        let count = FixtureManifest.field("count", .int(min: 0, max: 9), isRequired: true)
        let first = try FixtureManifest.make(publishes: [EventType(name: "done", payload: [count])])
        let second = try FixtureManifest.make(
            id: "sub", requires: [Requirement(plugin: first.id, versions: first.pluginAPI)],
            operations: [FixtureManifest.operation("follow", input: [count], permission: nil)],
            subscriptions: [Subscription(event: "fx.done", operation: "follow")])
        return try Stage([(first, publisher), (second, subscriber)], grants: "fx.*")
    }

    /// A plugin `fx`, and a plugin `base` that it requires; each has things, which are closed by `closer` alone.
    static func dependent(closer: String = "echo", _ handler: @escaping Handler) throws -> Stage {
        let base = try FixtureManifest.make(id: "base", entities: [closable(by: closer)], publishes: [closed])
        let fx = try FixtureManifest.make(
            requires: [Requirement(plugin: base.id, versions: base.pluginAPI)], entities: [closable(by: closer)],
            publishes: [closed])
        let idle: Handler = { _, _ in .null }
        return try Stage([(base, idle), (fx, handler)], grants: "fx.*")
    }

    private static let closed = EventType(name: "thing.closed", payload: [])

    private static func closable(by operation: String) -> HostManifest.Entity {
        let close = StateMachine.Transition(
            name: "close", from: ["open"], to: "closed", permission: "close", operation: operation, needsReason: false,
            emits: "thing.closed")
        return FixtureManifest.entity(
            "thing", [FixtureManifest.field("title", .text(min: 0, max: 9, pattern: nil))],
            states: StateMachine(field: "status", initial: "open", transitions: [close]))
    }

    private init(_ plugins: [(manifest: Manifest, handler: Handler)], grants: String) throws {
        var entries: [PluginID: PluginSnapshot.Entry] = [:]
        for (index, (manifest, handler)) in plugins.enumerated() {
            entries[manifest.id] = PluginSnapshot.Entry(
                manifest: manifest, plugin: StagePlugin(handler: handler),
                generation: PluginGeneration(
                    number: index + 1, plugin: manifest.id, version: manifest.version, digest: ""),
                threads: PluginThreads(of: manifest.id))
        }
        generations = entries.values.map(\.generation)
        runner = OperationRunner(
            plugins: PluginSnapshot(manifests: try ManifestSet.resolve(plugins.map(\.manifest)), entries: entries),
            storage: storage, observer: observer)
        self.grants = grants
    }

    /// What went through a plugin.
    func window(of plugin: String = "fx") -> PluginWindow {
        generations.first { $0.plugin.description == plugin }?.window ?? PluginWindow()
    }

    /// Has every generation replaced, and the time to drain be over.
    func cutOff() {
        for generation in generations {
            generation.leaveService(at: .now)
            _ = generation.endDrain(at: .now)
        }
    }

    func perform(_ input: [String: JSONValue] = [:], version: Int64? = nil) async throws -> OperationResult {
        guard let pattern = PermissionPattern(grants) else { preconditionFailure("\(grants) is no pattern.") }
        let role = RoleDefinition(
            name: "tester", grants: [RoleDefinition.Grant(pattern: pattern, scope: .business)])
        let principal = Principal(
            business: Self.business, user: Self.user, session: SessionID(UUID()), roles: ["tester"],
            permissions: PermissionSet(roles: [role]), tier: .starter, expires: Self.now + .seconds(60))
        guard let plugin = PluginID("fx") else { preconditionFailure("fx is a plugin id.") }
        return try await runner.perform(
            OperationRequest(
                plugin: plugin, operation: "echo", input: input, expectedVersion: version, principal: principal,
                request: RequestID(UUID()), now: Self.now))
    }

    /// What the operation is refused with.
    func problem(_ input: [String: JSONValue] = [:], version: Int64? = nil) async throws -> Problem {
        do {
            let result = try await perform(input, version: version)
            return Problem(Problem.Code("none"), "It was done: \(result).")
        } catch let problem as Problem {
            return problem
        }
    }
}

struct StagePlugin: VerticalPlugin {
    let handler: Stage.Handler

    var descriptor: PluginDescriptor {
        PluginDescriptor(id: "", version: "", manifestDigest: "", operations: [])
    }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        try await handler(input, call)
    }
}

/// Remembers what went wrong inside.
final class StageObserver: Observer {
    private let details = Mutex<[String]>([])
    var faults: [String] { details.withLock { $0 } }

    func observe(_ observation: Observation) {
        if case .internalError(_, _, let detail) = observation { details.withLock { $0.append(detail) } }
    }
}
