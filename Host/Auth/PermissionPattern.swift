package import HostModel

/// The permissions that a role's grant reaches: `hs.*`, `hs.work_order.*`, `hs.*.read`, or one by name.
///
/// Segments of `[a-z0-9_-]`, joined by dots; the hyphen is for routes of mounts.
/// `*` stands for one segment; as the last one, for all that follow.
/// The first segment is a plugin and never `*`, so that no grant reaches a plugin that it doesn't name.
package struct PermissionPattern: Hashable, Sendable, LosslessStringConvertible {
    package let description: String
    private let segments: [Substring]

    package init?(_ description: String) {
        let segments = description.split(separator: ".", omittingEmptySubsequences: false)
        guard segments.count >= 2, segments[0] != "*", segments.allSatisfy(Self.isSegment) else { return nil }
        self.description = description
        self.segments = segments
    }

    /// A pattern as it stands in a manifest, under that plugin's prefix: `*`, `work_order.*`, `*.read`.
    package init?(plugin: PluginID, _ pattern: String) {
        self.init("\(plugin).\(pattern)")
    }

    package func matches(_ permission: Permission) -> Bool {
        let wanted = permission.description.split(separator: ".", omittingEmptySubsequences: false)
        let isOpen = segments.last == "*"
        guard isOpen ? wanted.count >= segments.count : wanted.count == segments.count else { return false }
        return zip(segments, wanted).allSatisfy { $0 == "*" || $0 == $1 }
    }

    private static func isSegment(_ segment: Substring) -> Bool {
        if segment == "*" { return true }
        guard !segment.isEmpty else { return false }
        return segment.utf8.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
