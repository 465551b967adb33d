import Foundation
import HostModel
import HostPostgres

/// The SQL of kept answers.
enum IdempotencyStatements {
    /// Expired answers that one new answer takes away at most: more than it adds, so that they don't pile up.
    static let expiredCountMax = 10

    /// Row: whether this transaction has the claim to itself until it ends. Never waits.
    private static let lock = SQLStatement(
        name: "idempotency.lock", text: "SELECT pg_try_advisory_xact_lock($1::bigint)::text", effect: .none)

    /// Row, if the claim was answered: request and rights in hexadecimal, status, the sealed answer in base64.
    private static let find = SQLStatement(
        name: "idempotency.find",
        text: """
            SELECT encode(request, 'hex'), encode(rights, 'hex'), status::text, encode(answer, 'base64')
            FROM idempotency.answer WHERE business_id = \(RowSecurity.currentBusiness)
            AND claim = decode($1, 'hex') AND expires_at > now()
            """, effect: .none)

    /// Row, if this is the claim's answer from now on; none when another transaction was first.
    private static let keep = SQLStatement(
        name: "idempotency.keep",
        text: """
            INSERT INTO idempotency.answer AS kept (business_id, claim, request, rights, route, status, answer)
            VALUES (\(RowSecurity.currentBusiness), decode($1, 'hex'), decode($2, 'hex'), decode($3, 'hex'), $4,
                $5::int, decode($6, 'base64'))
            ON CONFLICT (business_id, claim) DO UPDATE SET request = excluded.request, rights = excluded.rights,
                route = excluded.route, status = excluded.status, answer = excluded.answer, made_at = now(),
                expires_at = excluded.expires_at
            WHERE kept.expires_at <= now()
            RETURNING 1
            """, effect: .none)

    private static let tidy = SQLStatement(
        name: "idempotency.tidy",
        text: """
            DELETE FROM idempotency.answer WHERE business_id = \(RowSecurity.currentBusiness) AND claim IN (
                SELECT claim FROM idempotency.answer
                WHERE business_id = \(RowSecurity.currentBusiness) AND expires_at <= now()
                ORDER BY expires_at LIMIT \(expiredCountMax) FOR UPDATE SKIP LOCKED)
            """, effect: .none)

    static func lock(_ claim: IdempotencyClaim, in business: BusinessID) -> SQLCommand {
        SQLCommand(lock, [String(claim.lockNumber(in: business))])
    }

    static func find(_ claim: IdempotencyClaim) -> SQLCommand { SQLCommand(find, [claim.digest.hexadecimal]) }

    static func keep(_ claim: IdempotencyClaim, status: Int, sealed: Data?) -> SQLCommand {
        SQLCommand(
            keep,
            [
                claim.digest.hexadecimal, claim.request.hexadecimal, claim.rights.hexadecimal, claim.route,
                String(status), sealed?.base64EncodedString(),
            ])
    }

    static let tidying = SQLCommand(tidy, [])
}
