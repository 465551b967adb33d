package import HostAuth
package import HostModel
package import HostSQL

/// The right to work on the data of one business: no statement of a tenant runs without one.
///
/// Made from a principal, whose credential was verified, or inside this room for a person who is about to get one.
package struct TenantScope: Sendable {
    package let business: BusinessID
    /// Who is at work, for the audit trail.
    package let actor: WriteContext.Actor
    package let request: RequestID?
    /// The business's own fields that whoever is at work doesn't see.
    package let veil: CustomVeil
    /// The transaction that everything done in this scope is part of; nil where each step has its own.
    package let joined: JoinedTransaction?

    fileprivate init(
        business: BusinessID, actor: WriteContext.Actor, request: RequestID?, veil: CustomVeil,
        joined: JoinedTransaction? = nil
    ) {
        self.business = business
        self.actor = actor
        self.request = request
        self.veil = veil
        self.joined = joined
    }

    /// The same right outside the joined transaction: for what must stay when that one is undone.
    var alone: TenantScope { TenantScope(business: business, actor: actor, request: request, veil: veil) }

    /// The same right, exercised inside an open transaction.
    func joining(_ transaction: JoinedTransaction) -> TenantScope {
        TenantScope(business: business, actor: actor, request: request, veil: veil, joined: transaction)
    }

    /// How far a permission reaches for this actor.
    package func records(_ scope: PermissionScope) -> RecordScope {
        scope == .business ? .business : .own(UserID(actor.id))
    }
}

extension TenantScope {
    /// The scope of a signed-in user.
    ///
    /// - Parameter joined: The transaction that all of it is part of; nil for none.
    package init(_ principal: Principal, request: RequestID?, joined: JoinedTransaction? = nil) {
        self.init(
            business: principal.business, actor: .user(principal.user), request: request, veil: principal.veil,
            joined: joined)
    }

    /// For signing up, in and out, and for checking a verified token: the steps that come before a principal. With a
    /// veil, for what goes on after one.
    static func entering(
        _ business: BusinessID, as user: UserID, request: RequestID?, veil: CustomVeil = .none
    ) -> TenantScope {
        TenantScope(business: business, actor: .user(user), request: request, veil: veil)
    }

    /// For what the operator does from the command line.
    static func operating(_ business: BusinessID) -> TenantScope {
        TenantScope(
            business: business, actor: WriteContext.Actor(kind: "operator", id: business.uuid), request: nil,
            veil: .none)
    }
}
