import HostAuth
import HostModel

/// A request whose sender holds the route's permission.
struct PermittedRequest: Sendable {
    let routed: RoutedRequest
    let principal: Principal
    /// How far the permission reaches; the whole business for routes that need none.
    let scope: PermissionScope

    fileprivate init(_ identified: IdentifiedRequest, _ scope: PermissionScope) {
        routed = identified.routed
        principal = identified.principal
        self.scope = scope
    }
}

/// Checks the permission of the route against the roles of the principal.
struct Authorization: Sendable {
    /// - Throws: `forbidden` with the member `permission`.
    func permit(_ request: IdentifiedRequest, _ requirement: Route.Requirement) throws(Problem) -> PermittedRequest {
        guard let permission = requirement.permission else { return PermittedRequest(request, .business) }
        for other in requirement.also { _ = try request.principal.permissions.require(other) }
        return PermittedRequest(request, try request.principal.permissions.require(permission))
    }
}
