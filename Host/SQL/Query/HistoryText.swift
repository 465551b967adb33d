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

    /// Another label of the same status.
    ///
    /// - Parameter reason: The number of the parameter with the reason.
    func labelled(reason: Int) -> String { moved(StateMachine.labelAction, reason: reason) }

    /// The status that each record of an import starts in.
    var imported: String {
        let source = "written w JOIN \(ImportText.entries) ON e.id = w.\"id\""
        return recorded(
            from: "NULL", transition: "NULL", reason: "NULL", source: source, entry: "e.entry", kind: "$2::text",
            by: "$1::uuid")
    }

    private var status: String { SQLName.quoted(states.field) }

    private var label: String { states.hasLabels ? "w.\(SQLName.quoted(StateMachine.labelColumn)), " : "" }

    private func recorded(
        from: String, transition: String, reason: String, source: String, entry: String = "$5::uuid",
        kind: String = "$3::text", by: String = "$2::uuid"
    ) -> String {
        "recorded AS (INSERT INTO states.history "
            + "(business_id, id, entity, record_id, version, from_status, to_status, transition, reason, "
            + "\(states.hasLabels ? "label_id, " : "")actor_kind, by) "
            + "SELECT \(AuditText.business), \(entry), \(SQLName.literal(table.reference.description)), w.\"id\", "
            + "w.\"version\", \(from), w.\(status), \(transition), \(reason), \(label)\(kind), \(by) FROM \(source))"
    }
}
