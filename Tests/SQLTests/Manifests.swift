import Foundation
import HostManifest
import HostModel
import HostSQL
import Testing

/// The manifests of this repository, and plans of their entities.
enum Manifests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Core and home services.
    static func committed() throws -> ManifestSet {
        try ManifestSet.resolve([try parse("core"), try parse("hs")])
    }

    private static func parse(_ name: String) throws -> Manifest {
        let path = "manifests/\(name).yaml"
        let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        return try ManifestParser.parse(yaml: text, file: path, digest: String(repeating: "0", count: 64))
    }

    /// One plugin `shop`, from the text below `entities:`.
    static func shop(_ entities: String) throws -> ManifestSet {
        let head = """
            apiVersion: thorbis.dev/v1
            id: shop
            name: Shop
            version: 1.0.0
            pluginAPI: ">=1.0 <2.0"
            features:
              shop: {tier: starter, title: Shop}
            entities:

            """
        let file = "shop.yaml"
        let digest = String(repeating: "0", count: 64)
        return try ManifestSet.resolve([try ManifestParser.parse(yaml: head + entities, file: file, digest: digest)])
    }

    static func plan(_ entity: String, of plugin: String) throws -> EntityPlan {
        let reference = EntityReference(plugin: try #require(PluginID(plugin)), name: entity)
        return try #require(EntityPlan(reference, in: try committed()))
    }

    /// The parties of core as the customers of home services.
    static func customers() throws -> EntityPlan {
        let set = try committed()
        let plugin = try #require(PluginID("hs"))
        let mount = try #require(set[plugin]?.mounts.first)
        return try #require(EntityPlan(mount.entity, in: set, mount: (plugin, mount)))
    }
}

/// Fixed ids and contexts, so that parameters can be compared.
enum Sample {
    static let record = RecordID(UUID(uuid: (1, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1)))
    static let user = UserID(UUID(uuid: (2, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 2)))
    static let request = RequestID(UUID(uuid: (3, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 3)))
    static let entry = UUID(uuid: (4, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 4))
    static let event = UUID(uuid: (5, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 5))

    static func context(_ scope: RecordScope = .business) -> WriteContext {
        WriteContext(actor: .user(user), request: request, scope: scope, entryID: entry, eventID: event)
    }
}
