package import HostManifest
import HostModel

/// Something that an entity declares under `include`: a referenced record, or lines.
package struct Inclusion: Hashable, Sendable {
    /// How an included record is found.
    package enum Link: Hashable, Sendable {
        /// By that column's id; shown as one record or null.
        case reference(column: String)
        /// By their parent; shown as an array. They belong to it, so whoever may read it may read them.
        case children
    }

    /// An included record's own includes are the last ones: deeper ones are read on their own.
    package static let depthMax = 2

    /// The member of the JSON, and the word in the parameter.
    package let member: String
    package let link: Link
    let table: RecordTable
    /// What may be named behind a dot.
    package let nested: [Inclusion]

    /// The entity whose records are shown.
    package var entity: EntityReference { table.reference }

    /// The names tell inclusions apart; all columns of their tables would be hashed at each request otherwise.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(member)
        hasher.combine(entity)
    }

    /// All that an entity declares.
    static func all(of entity: Entity, in plugin: PluginID, _ set: ManifestSet, depth: Int = depthMax) -> [Inclusion] {
        guard depth > 0 else { return [] }
        return entity.includes.compactMap { name in
            guard let (target, link) = target(name, of: entity, in: plugin, set),
                let included = set[target.plugin]?.entity(target.name)
            else { return nil }
            return Inclusion(
                member: name, link: link, table: RecordTable(included, of: target.plugin),
                nested: all(of: included, in: target.plugin, set, depth: depth - 1))
        }
    }

    private static func target(
        _ name: String, of entity: Entity, in plugin: PluginID, _ set: ManifestSet
    ) -> (EntityReference, Link)? {
        if let field = entity.field(name), case .reference(let target) = field.type {
            return (target, .reference(column: field.column))
        }
        return set[plugin]?.children(of: entity).first { $0.parent?.member == name }
            .map { (EntityReference(plugin: plugin, name: $0.name), .children) }
    }
}

/// An inclusion that a request asks for.
package struct Included: Hashable, Sendable {
    /// One way by which the included records may be read: through a mount or not, all of them or one's own.
    package struct Access: Hashable, Sendable {
        package let mount: Mount?
        package let isOwn: Bool

        package init(mount: Mount?, isOwn: Bool) {
            self.mount = mount
            self.isOwn = isOwn
        }
    }

    package let inclusion: Inclusion
    package var nested: [Included]
    /// A record is shown when one of them reaches it; empty for none. Lines need none.
    package var access: [Access]

    package init(_ inclusion: Inclusion, nested: [Included] = [], access: [Access] = []) {
        self.inclusion = inclusion
        self.nested = nested
        self.access = access
    }

    /// Whether what is shown depends on who asks.
    var hasOwner: Bool { access.contains(where: \.isOwn) || nested.contains(where: \.hasOwner) }
}
