package import Foundation

/// An identity that is a UUID: each kind is a type of its own, so that two can't be swapped.
package protocol Identity: Hashable, Sendable, Comparable, LosslessStringConvertible {
    var uuid: UUID { get }
    init(_ uuid: UUID)
}

extension Identity {
    /// Parses the canonical `8-4-4-4-12` form; anything else gives nil.
    package init?(_ description: String) {
        guard description.utf8.count == 36, let uuid = UUID(uuidString: description) else { return nil }
        self.init(uuid)
    }

    /// The lower-case `8-4-4-4-12` form, as PostgreSQL prints it.
    package var description: String { UUIDText.text(uuid) }

    package static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}

/// A tenant.
package struct BusinessID: Identity {
    package let uuid: UUID
    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// A person who can sign in.
package struct UserID: Identity {
    package let uuid: UUID
    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// One sign-in; all refresh tokens that descend from it share it.
package struct SessionID: Identity {
    package let uuid: UUID
    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// One row of an entity.
package struct RecordID: Identity {
    package let uuid: UUID
    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// One HTTP request, in logs and problems.
package struct RequestID: Identity {
    package let uuid: UUID
    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// The id of a plugin, such as `hs`: 2 to 16 characters of `[a-z0-9]`, the first a letter.
///
/// It prefixes the plugin's schema, routes, permissions and metrics.
package struct PluginID: Hashable, Sendable, Comparable, LosslessStringConvertible {
    package let description: String

    package init?(_ description: String) {
        let text = description.utf8
        guard (2...16).contains(text.count), let first = text.first else { return nil }
        guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return nil }
        guard text.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }) else { return nil }
        self.description = description
    }

    package static func < (left: PluginID, right: PluginID) -> Bool { left.description < right.description }
}
