/// A right, written `plugin.entity.verb`, such as `hs.work_order.complete`.
package struct Permission: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// The plugin whose it is: `hs` of `hs.work_order.create`; nil for the platform's own.
    package var plugin: PluginID? { PluginID(String(description.prefix { $0 != "." })) }
}

/// How far a permission reaches.
package enum PermissionScope: String, Hashable, Sendable, Comparable {
    /// Records that the user made: `created_by` is theirs.
    case own
    /// Every record of the business.
    case business

    package static func < (left: Self, right: Self) -> Bool { left == .own && right == .business }
}
