package import HostAuth
package import HostModel
package import HostSQL

/// The right to work on the data of one business: no statement of a tenant runs without one.
///
/// Made from a principal, whose credential was verified, or inside this room for a person who is about to get one.
package struct TenantScope: Hashable, Sendable {
    package let business: BusinessID
    /// Who is at work, for the audit trail.
    package let actor: WriteContext.Actor
    package let request: RequestID?

    fileprivate init(business: BusinessID, actor: WriteContext.Actor, request: RequestID?) {
        self.business = business
        self.actor = actor
        self.request = request
    }

    /// How far a permission reaches for this actor.
    package func records(_ scope: PermissionScope) -> RecordScope {
        scope == .business ? .business : .own(UserID(actor.id))
    }
}

extension TenantScope {
    /// The scope of a signed-in user.
    package init(_ principal: Principal, request: RequestID?) {
        self.init(business: principal.business, actor: .user(principal.user), request: request)
    }

    /// For signing up, in and out, and for checking a verified token: the steps that come before a principal.
    static func entering(_ business: BusinessID, as user: UserID, request: RequestID?) -> TenantScope {
        TenantScope(business: business, actor: .user(user), request: request)
    }

    /// For what the operator does from the command line.
    static func operating(_ business: BusinessID) -> TenantScope {
        TenantScope(business: business, actor: WriteContext.Actor(kind: "operator", id: business.uuid), request: nil)
    }
}
