import HostManifest

/// The SQL text of the row in `states.history` that tells of a status: written by the very statement that sets it.
///
/// Takes the parameters of every write, see ``AuditText``; the row has the id of the audit entry, which tells the rest.
struct HistoryText: Sendable {
    let table: RecordTable
    let states: StateMachine

    /// The status that the new record `w` of `written` starts in.
    var started: String {
        recorded(from: "NULL", transition: "NULL", reason: "NULL", source: "written w")
    }

    /// The status that a transition led to.
    ///
    /// - Parameters:
    ///   - transition: Its name.
    ///   - reason: The number of the parameter with the reason.
    func moved(_ transition: String, reason: Int) -> String {
        recorded(
            from: "(j.record).\(status)", transition: SQLName.literal(transition), reason: "$\(reason)::text",
            source: "written w, judged j")
    }

    private var status: String { SQLName.quoted(states.field) }

    private func recorded(from: String, transition: String, reason: String, source: String) -> String {
        "recorded AS (INSERT INTO states.history "
            + "(business_id, id, entity, record_id, version, from_status, to_status, transition, reason, "
            + "actor_kind, by) "
            + "SELECT \(AuditText.business), $5::uuid, \(SQLName.literal(table.reference.description)), w.\"id\", "
            + "w.\"version\", \(from), w.\(status), \(transition), \(reason), $3::text, $2::uuid FROM \(source))"
    }
}
