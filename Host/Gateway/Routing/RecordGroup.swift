import HostManifest
import HostModel
import HostSQL
import HostTenancy

/// The records of one entity under one base path: the entity's own, or a mount of it.
struct RecordGroup: Sendable {
    /// The plugin whose routes these are.
    let plugin: PluginID
    /// The last part of the base path: `customers`.
    let route: String
    /// Starts the permissions and operation ids: `work_order`, or the mount's route.
    let noun: String
    let feature: FeatureName?
    let plan: EntityPlan

    var base: String { "/api/\(plugin)/app/v1/\(route)" }
    var entity: Entity { plan.entity }
    var reference: EntityReference { plan.reference }

    func permission(_ verb: String) -> Permission { Permission("\(plugin).\(noun).\(verb)") }

    /// What a caller needs to see sensitive values; nil for an entity without any.
    var reveal: Permission? { plan.secrets == nil ? nil : permission("reveal") }

    /// What bodies may say of the lines that are written with a record.
    func lines(_ kind: LineRule.Kind) -> [LineRule] { plan.lines.compactMap { LineRule($0.plan.entity, kind) } }

    /// What writing lines needs beside the right to their document; nothing more under a mount.
    var linePermissions: [Permission] {
        guard plan.mount == nil else { return [] }
        return plan.lines.flatMap { lines in
            ["create", "update", "delete"].map { Permission("\(lines.plan.reference).\($0)") }
        }
    }

    func requirement(_ verb: String) -> Route.Requirement {
        Route.Requirement(permission: permission(verb), feature: feature)
    }

    /// An entity under its own routes.
    init?(_ entity: Entity, of manifest: Manifest, in set: ManifestSet) {
        let reference = EntityReference(plugin: manifest.id, name: entity.name)
        guard let plan = EntityPlan(reference, in: set) else { return nil }
        plugin = manifest.id
        route = entity.route
        noun = entity.name
        feature = entity.feature.map { FeatureName(plugin: manifest.id, name: $0) }
        self.plan = plan
    }

    /// Another plugin's entity under this plugin's routes.
    init?(_ mount: Mount, of manifest: Manifest, in set: ManifestSet) {
        guard let plan = EntityPlan(mount.entity, in: set, mount: (manifest.id, mount)) else { return nil }
        plugin = manifest.id
        route = mount.route
        noun = mount.route
        feature = mount.feature.map { FeatureName(plugin: manifest.id, name: $0) }
        self.plan = plan
    }

    /// All groups of a manifest, mounts first.
    static func all(of manifest: Manifest, in set: ManifestSet) -> [RecordGroup] {
        manifest.mounts.compactMap { RecordGroup($0, of: manifest, in: set) }
            + manifest.entities.compactMap { RecordGroup($0, of: manifest, in: set) }
    }
}
