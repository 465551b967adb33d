package import HostModel

/// What one plugin declares, checked: every name resolves inside the manifest, every rule of `ManifestRule` holds.
///
/// Names of other plugins (`core.party`) are resolved by ``ManifestSet``.
package struct Manifest: Hashable, Sendable {
    package let id: PluginID
    package let name: String
    package let version: SemanticVersion
    /// The versions of PluginAPI that the plugin can live with.
    package let pluginAPI: VersionRange
    /// The plugins that must be loaded before this one.
    package let requires: [Requirement]
    package let features: [Feature]
    package let limits: [Limit]
    package let entities: [Entity]
    package let mounts: [Mount]
    package let operations: [Operation]
    package let roles: [Role]
    package let publishes: [EventType]
    package let subscriptions: [Subscription]
    /// SHA-256 of the manifest file's bytes, lower-case hexadecimal; given by whoever read the file.
    package let digest: String
    package let places: ManifestPlaces
    /// What entities and fields were called before.
    package let formerNames: FormerNames
    package let invariants: [Invariant]

    package init(
        id: PluginID, name: String, version: SemanticVersion, pluginAPI: VersionRange, requires: [Requirement],
        features: [Feature], limits: [Limit], entities: [Entity], mounts: [Mount], operations: [Operation],
        roles: [Role], publishes: [EventType], subscriptions: [Subscription], digest: String,
        places: ManifestPlaces = .none, formerNames: FormerNames = FormerNames(),
        invariants: [Invariant] = []
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.pluginAPI = pluginAPI
        self.requires = requires
        self.features = features
        self.limits = limits
        self.entities = entities
        self.mounts = mounts
        self.operations = operations
        self.roles = roles
        self.publishes = publishes
        self.subscriptions = subscriptions
        self.digest = digest
        self.places = places
        self.formerNames = formerNames
        self.invariants = invariants
    }

    /// The entity of that bare name, such as `work_order`.
    package func entity(_ name: String) -> Entity? { entities.first { $0.name == name } }
    package func operation(_ name: String) -> Operation? { operations.first { $0.name == name } }
    package func feature(_ name: String) -> Feature? { features.first { $0.name == name } }
}

/// A plugin that must be there, in one of these versions.
package struct Requirement: Hashable, Sendable {
    package let plugin: PluginID
    package let versions: VersionRange

    package init(plugin: PluginID, versions: VersionRange) {
        self.plugin = plugin
        self.versions = versions
    }
}

/// Something a business has from a tier upwards.
package struct Feature: Hashable, Sendable {
    package enum OnDowngrade: String, Hashable, Sendable, CaseIterable { case readOnly, hidden }
    package let name: String
    package let title: String
    package let tier: Tier
    package let onDowngrade: OnDowngrade

    package init(name: String, title: String, tier: Tier, onDowngrade: OnDowngrade) {
        self.name = name
        self.title = title
        self.tier = tier
        self.onDowngrade = onDowngrade
    }
}

/// How many of something a tier allows; an absent tier or nil has no limit.
package struct Limit: Hashable, Sendable {
    package let name: String
    package let byTier: [Tier: Int?]

    package init(name: String, byTier: [Tier: Int?]) {
        self.name = name
        self.byTier = byTier
    }
}

/// Rights by role. The same role name in several manifests adds up.
package struct Role: Hashable, Sendable {
    package struct Grant: Hashable, Sendable {
        /// A permission without the plugin's prefix, or a pattern: `*`, `work_order.*`, `*.read`.
        package let pattern: String
        package let scope: PermissionScope

        package init(pattern: String, scope: PermissionScope) {
            self.pattern = pattern
            self.scope = scope
        }
    }
    package let name: String
    package let grants: [Grant]

    package init(name: String, grants: [Grant]) {
        self.name = name
        self.grants = grants
    }
}

/// A required plugin's entity under this plugin's routes and permissions.
///
/// `customers: {entity: core.party, where: {roles: customer}}` gives `/api/hs/app/v1/customers` with the permissions
/// `hs.customers.read` and so on; only rows that match `where` are seen, and new ones are made to match.
package struct Mount: Hashable, Sendable {
    package let route: String
    package let entity: EntityReference
    package let matching: [Match]
    package let feature: String?

    /// A field equal to a value; for a set of enum values, the set contains it.
    package struct Match: Hashable, Sendable {
        package let field: String
        package let value: String

        package init(field: String, value: String) {
            self.field = field
            self.value = value
        }
    }

    package init(route: String, entity: EntityReference, matching: [Match], feature: String?) {
        self.route = route
        self.entity = entity
        self.matching = matching
        self.feature = feature
    }
}

/// An event that the plugin publishes, such as `work_order.completed` (prefixed with the plugin: `hs.…`).
package struct EventType: Hashable, Sendable {
    package let name: String
    package let payload: [Field]

    package init(name: String, payload: [Field]) {
        self.name = name
        self.payload = payload
    }
}

/// An event of a required plugin and the operation that runs, in the same transaction, when it is published.
package struct Subscription: Hashable, Sendable {
    /// Qualified: `core.invoice.paid`.
    package let event: String
    package let operation: String

    package init(event: String, operation: String) {
        self.event = event
        self.operation = operation
    }
}
