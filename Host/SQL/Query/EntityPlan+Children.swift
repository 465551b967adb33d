import HostManifest
package import HostModel

extension EntityPlan {
    /// Deletes all lines of a parent, for operations. Row: how many there were.
    ///
    /// The plan is that of the lines. One audit row tells which lines went, under the parent's id.
    ///
    /// - Throws: `method_not_allowed` for an entity without a parent: only lines are ever deleted.
    package func deleteChildren(of parent: RecordID, by context: WriteContext) throws(Problem) -> SQLCommand {
        guard let column = table.parentColumn else {
            throw Problem(.methodNotAllowed, "A \(reference) is never deleted.")
        }
        let name = SQLName.literal(reference.description)
        let text =
            "WITH deleted AS (DELETE FROM \(table.name) t "
            + "WHERE t.\(SQLName.quoted(column)) = $1::uuid RETURNING t.\"id\"), "
            + "audited AS (INSERT INTO audit.entry "
            + "(business_id, id, request_id, actor_kind, actor_id, action, entity, record_id, changes) "
            + "SELECT \(AuditText.business), $5::uuid, $4::uuid, $3::text, $2::uuid, "
            + "\(SQLName.literal("\(reference).delete")), \(name), $1::uuid, "
            + "jsonb_build_object('deleted', jsonb_agg(d.\"id\")) FROM deleted d HAVING count(*) > 0) "
            + "SELECT count(*)::text FROM deleted"
        let statement = SQLStatement(name: SQLName.fitted(label + ".delete"), text: text, effect: table.changed)
        return SQLCommand(statement, audit(parent, context))
    }
}
