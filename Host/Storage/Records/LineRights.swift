package import HostAuth
import HostModel

/// Whether somebody may write the lines of a document together with it.
package struct LineRights: Sendable {
    private let permissions: PermissionSet?

    /// As the rights to the lines' own entity say: `create`, `update` and `delete`.
    package init(_ permissions: PermissionSet) { self.permissions = permissions }

    private init() { permissions = nil }

    /// Under a mount, lines go with their document: whoever may write it there may write them.
    package static let ofDocument = LineRights()

    package static let none = LineRights(.none)

    /// How far a right to lines reaches.
    ///
    /// - Parameters:
    ///   - verb: `create`, `update` or `delete`.
    ///   - label: The lines' entity with its plugin: `sales.order_line`.
    /// - Throws: `forbidden` with the member `permission`.
    func require(_ verb: String, of label: String) throws(Problem) -> PermissionScope {
        guard let permissions else { return .business }
        return try permissions.require(Permission("\(label).\(verb)"))
    }
}
