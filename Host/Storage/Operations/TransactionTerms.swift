package import HostAuth
package import HostManifest
package import HostModel

/// For whom an operation's transaction is, and what it may do.
package struct TransactionTerms: Sendable {
    package let principal: Principal
    package let request: RequestID
    /// How far the permission of the operation reaches: with `own`, other users' records aren't there.
    package let scope: PermissionScope
    /// The entity that `own` binds; nil for every entity.
    ///
    /// The permission `hs.work_order.complete` says whose orders, not whose items, so this is `hs.work_order`.
    package let governs: EntityReference?
    package let isReadOnly: Bool
    package let timeout: Duration
    /// The open transaction that the operation's becomes a part of; nil for one of its own.
    package let joined: JoinedTransaction?

    package init(
        principal: Principal, request: RequestID, scope: PermissionScope, governs: EntityReference? = nil,
        isReadOnly: Bool = false, timeout: Duration, joined: JoinedTransaction? = nil
    ) {
        self.principal = principal
        self.request = request
        self.scope = scope
        self.governs = governs
        self.isReadOnly = isReadOnly
        self.timeout = timeout
        self.joined = joined
    }
}
