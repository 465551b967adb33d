package import HostAuth
package import HostModel

/// What a person has after signing in: the session, and the one refresh token that goes on with it.
package struct SessionGrant: Sendable {
    package let business: BusinessID
    package let user: UserID
    package let session: SessionID
    /// The only time that its text exists on our side.
    package let refreshToken: RefreshToken
    /// When the session ends, however busy.
    package let expires: Timestamp
}

/// Who may sign in with an e-mail address, and what the password is checked against.
package struct SignInFacts: Sendable {
    package let user: UserID
    package let passwordHash: PasswordHash
    /// The businesses that the user belongs to, the oldest membership first. Never empty.
    package let businesses: [BusinessID]
}

/// What stands behind a valid session, now.
package struct SessionFacts: Hashable, Sendable {
    package let business: BusinessFacts
    package let user: UserID
    package let userName: String
    package let email: String
    package let roles: [String]
    /// The business's own fields that none of the roles may see.
    package let veil: CustomVeil
}
