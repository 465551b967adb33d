import Foundation
import HostModel
import HostSQL

/// A row of the audit trail for what isn't a record's change: sign-ups, sign-ins, revocations.
///
/// Record changes write their own row in their own statement.
struct AuditRow: Sendable {
    /// Such as `platform.session.create`.
    let action: String
    /// Such as `platform.session`.
    let entity: String
    let record: UUID
    var changes: JSONObject = JSONObject()
    var reason: String?

    private static let statement = SQLStatement(
        name: "audit.append",
        text: """
            INSERT INTO audit.entry
                (business_id, id, request_id, actor_kind, actor_id, action, entity, record_id, changes, reason)
            VALUES (\(RowSecurity.currentBusiness), $1::uuid, $2::uuid, $3, $4::uuid, $5, $6, $7::uuid, $8::jsonb, $9)
            """, effect: .none)

    /// The statement that writes it, in the transaction of what it tells of.
    func insert(id: UUID, in scope: TenantScope) -> SQLCommand {
        SQLCommand(
            Self.statement,
            [
                id.text, scope.request?.description, scope.actor.kind, scope.actor.id.text, action, entity, record.text,
                JSONValue.object(changes).text, reason,
            ])
    }
}

extension UUID {
    /// The lower-case form, as PostgreSQL prints it.
    var text: String { UUIDText.text(self) }
}
