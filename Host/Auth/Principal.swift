package import HostModel

/// Who is asking, for which business, and what that lets them do; the result of checking a credential.
///
/// Roles and tier are the database's at the time of the check, never the token's, so that a change of role needs no
/// new token (the cached principal is forgotten instead).
package struct Principal: Sendable {
    package let business: BusinessID
    package let user: UserID
    package let session: SessionID
    package let roles: [String]
    package let permissions: PermissionSet
    package let tier: Tier
    /// The business's own fields that these roles don't see.
    package let veil: CustomVeil
    /// Stands for permissions, tier and veil together.
    package let rights: RightsDigest
    /// When the credential ends.
    package let expires: Timestamp

    package init(
        business: BusinessID, user: UserID, session: SessionID, roles: [String], permissions: PermissionSet,
        tier: Tier, veil: CustomVeil = .none, expires: Timestamp
    ) {
        self.business = business
        self.user = user
        self.session = session
        self.roles = roles
        self.permissions = permissions
        self.tier = tier
        self.veil = veil
        rights = RightsDigest(permissions, tier, veil)
        self.expires = expires
    }
}
