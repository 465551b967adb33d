import HostAuth
import HostModel

/// A session about to be stored, with its first refresh token.
struct SessionOpening {
    let session: SessionID
    let user: UserID
    let token: RefreshToken
    let now: Timestamp

    var expires: Timestamp { now + RefreshDecision.absoluteLifetime }

    /// Run in the transaction of the sign-in.
    var commands: [SQLCommand] {
        [
            SQLCommand(
                SessionStatements.addSession,
                [session.description, user.description, String(now.microseconds), String(expires.microseconds)]),
            Self.store(token, of: session, now: now, sessionEnds: expires),
        ]
    }

    /// Stores a token's digest; it ends when unused for long, and with its session at the latest.
    static func store(
        _ token: RefreshToken, of session: SessionID, now: Timestamp, sessionEnds: Timestamp
    ) -> SQLCommand {
        let expires = min(now + RefreshDecision.idleLifetime, sessionEnds)
        return SQLCommand(
            SessionStatements.addToken,
            [
                SessionStatements.bytea(token.digest), session.description, String(now.microseconds),
                String(expires.microseconds),
            ])
    }

    func grant(in business: BusinessID) -> SessionGrant {
        SessionGrant(business: business, user: user, session: session, refreshToken: token, expires: expires)
    }
}
