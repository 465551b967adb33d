import HostManifest
import HostModel
import Testing

/// The manifest of the fixture plugins, as a value.
enum FixtureManifest {
    static let digest = String(repeating: "0123456789abcdef", count: 4)

    static func make(
        id: String = "fx", version: String = "1.2.0", pluginAPI: String = ">=1.0 <2.0", requires: [Requirement] = [],
        entities: [Entity] = [], operations: [HostManifest.Operation] = [operation("echo")],
        publishes: [EventType] = [], subscriptions: [Subscription] = [], digest: String = digest
    ) throws -> Manifest {
        Manifest(
            id: try #require(PluginID(id)), name: "Fixture", version: try #require(SemanticVersion(version)),
            pluginAPI: try #require(VersionRange(pluginAPI)), requires: requires, features: [], limits: [],
            entities: entities, mounts: [], operations: operations, roles: [], publishes: publishes,
            subscriptions: subscriptions, digest: digest)
    }

    static func operation(
        _ name: String, input: [Field] = [], output: HostManifest.Operation.Output = .nothing, errors: [String] = [],
        permission: String? = "thing.use", effects: HostManifest.Operation.Effects = .write,
        limits: HostManifest.Operation.Limits = .standard
    ) -> HostManifest.Operation {
        HostManifest.Operation(
            name: name, route: nil, replacesCreateOf: nil, input: input, output: output, errors: errors,
            permission: permission, feature: nil, effects: effects, limits: limits)
    }

    static func entity(_ name: String, _ fields: [Field], states: StateMachine? = nil) -> HostManifest.Entity {
        HostManifest.Entity(
            name: name, route: name + "s", feature: nil, writing: .routes, isArchivable: false, parent: nil,
            fields: fields, checks: [], unique: [], indexes: [], sorts: ["created_at"], states: states)
    }

    static func field(_ name: String, _ type: FieldType, isRequired: Bool = false) -> Field {
        Field(name: name, type: type, isRequired: isRequired)
    }
}
