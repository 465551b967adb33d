import HostAuth
import HostModel

/// The SQL of sign-ins. Instants are microseconds since the epoch, so that none is rounded.
enum SessionStatements {
    private static func instant(_ parameter: String) -> String {
        "('epoch'::timestamptz + \(parameter)::bigint * interval '1 microsecond')"
    }

    private static func microseconds(_ column: String) -> String {
        "(extract(epoch FROM \(column)) * 1000000)::bigint::text"
    }

    static let signInFacts = SQLStatement(
        name: "auth.sign_in",
        text: "SELECT user_id::text, password_hash, to_json(businesses)::text FROM auth.sign_in_facts($1::text)")

    static let refreshBusiness = SQLStatement(
        name: "auth.refresh_business", text: "SELECT auth.refresh_business($1::bytea)::text")

    static let addSession = SQLStatement(
        name: "auth.add_session",
        text: """
            INSERT INTO auth.session (business_id, id, user_id, created_at, expires_at)
            VALUES (\(RowSecurity.currentBusiness), $1::uuid, $2::uuid, \(instant("$3")), \(instant("$4")))
            """)

    static let addToken = SQLStatement(
        name: "auth.add_token",
        text: """
            INSERT INTO auth.refresh_token (business_id, digest, session_id, issued_at, expires_at)
            VALUES (\(RowSecurity.currentBusiness), $1::bytea, $2::uuid, \(instant("$3")), \(instant("$4")))
            """)

    /// Locks token and session, so that two exchanges of one token are judged one after the other.
    static let lockToken = SQLStatement(
        name: "auth.lock_token",
        text: """
            SELECT session.id::text, session.user_id::text, \(microseconds("token.issued_at")),
                \(microseconds("session.created_at")), (token.used_at IS NOT NULL)::text,
                (session.revoked_at IS NOT NULL)::text, \(microseconds("session.expires_at"))
            FROM auth.refresh_token AS token
            JOIN auth.session ON session.business_id = token.business_id AND session.id = token.session_id
            WHERE token.digest = $1::bytea FOR UPDATE OF token, session
            """)

    static let spendToken = SQLStatement(
        name: "auth.spend_token",
        text: "UPDATE auth.refresh_token SET used_at = \(instant("$2")) WHERE digest = $1::bytea")

    /// Gives a row when the session was still open.
    static let revoke = SQLStatement(
        name: "auth.revoke",
        text: """
            UPDATE auth.session SET revoked_at = \(instant("$2")), revoked_reason = $3
            WHERE id = $1::uuid AND revoked_at IS NULL RETURNING id::text
            """)

    static let notify = SQLStatement(name: "auth.notify", text: "SELECT pg_notify('\(Revocations.channel)', $1)")

    /// One row when the session is open and its business active.
    static let facts = SQLStatement(
        name: "auth.facts",
        text: """
            SELECT business.name, business.industry, business.currency, business.time_zone, business.country,
                business.tier, person.name, person.email, to_json(held.roles)::text,
                \(CustomFieldStatements.veil(from: "held.roles"))
            FROM auth.session
            JOIN users.membership AS held
                ON held.business_id = session.business_id AND held.user_id = session.user_id
            JOIN users."user" AS person ON person.id = session.user_id
            JOIN businesses.business ON business.id = session.business_id
            WHERE session.id = $1::uuid AND session.user_id = $2::uuid AND session.revoked_at IS NULL
                AND session.expires_at > \(instant("$3")) AND business.status = 'active'
            """)

    /// One row when the user belongs to the business and the business is active.
    static let mayEnter = SQLStatement(
        name: "auth.may_enter",
        text: """
            SELECT FROM users.membership AS held JOIN businesses.business ON business.id = held.business_id
            WHERE held.user_id = $1::uuid AND business.status = 'active'
            """)

    /// PostgreSQL's text form of bytes.
    static func bytea(_ bytes: [UInt8]) -> String { "\\x" + bytes.hexadecimal }
}
