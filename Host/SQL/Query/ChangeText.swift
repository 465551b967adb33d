import HostManifest

/// The SQL text of a change: lock the record, judge whether it may change, change it, record it, tell the outcome.
///
/// One statement, so one round trip, and one verdict that no other transaction can come between. Answers exactly one
/// row: `outcome`, `version`, `json` (NULL unless changed), the status (NULL without one), the event's payload (NULL
/// without one), who made the record (NULL unless changed). The lines in the JSON are those of the statement's start.
struct ChangeText: Sendable {
    let form: RecordForm
    let condition: MountCondition
    let verb: String
    /// Conditions that stand against the change, with the outcome each ends in; the first that holds counts.
    /// They see the locked row as `t`.
    let obstacles: [(condition: String, outcome: ChangeOutcome)]
    /// Column and value; values see the changed row as `n` when there is a document, else the old one as `j.record`.
    let assignments: [(column: String, value: String)]
    /// The number of the parameter with the changed values.
    var document: Int?
    /// The number of the parameter with the reason.
    var reason: Int?
    var event: EventText?
    /// The row of the status history, for a transition.
    var history: String?

    func text(_ scope: String) -> String {
        let parts = [judged(scope), written, audited] + [history, event?.published].compactMap { $0 }
        return "WITH " + parts.joined(separator: ", ") + " " + answer
    }

    /// The outcome of a change that was made.
    private static let done = SQLName.literal(ChangeOutcome.done.rawValue)

    private var table: String { form.table.name }
    private var status: String? { form.table.entity.states.map { SQLName.quoted($0.field) } }

    private func judged(_ scope: String) -> String {
        "judged AS (SELECT t AS record, \(verdict) AS outcome FROM \(table) t "
            + "WHERE t.\"id\" = $1::uuid\(condition.text)\(scope) FOR UPDATE)"
    }

    /// What becomes of the change. Judged on the row as it is after waiting for the lock.
    private var verdict: String {
        guard !obstacles.isEmpty else { return Self.done }
        let cases = obstacles.map { "WHEN \($0.condition) THEN \(SQLName.literal($0.outcome.rawValue))" }
        return "CASE \(cases.joined(separator: " ")) ELSE \(Self.done) END"
    }

    private var written: String {
        let changed = document.map { ", LATERAL jsonb_populate_record(j.record, $\($0)::jsonb) n" } ?? ""
        let host = [
            ("version", "(j.record).\"version\" + 1"), ("updated_at", "now()"), ("updated_by", "$2::uuid"),
        ]
        let sets = (host + assignments).map { "\(SQLName.quoted($0.0)) = \($0.1)" }.joined(separator: ", ")
        return "written AS (UPDATE \(table) t SET \(sets) FROM judged j\(changed) "
            + "WHERE t.\"id\" = $1::uuid AND j.outcome = \(Self.done) RETURNING t.*)"
    }

    private var audited: String {
        AuditText(table: form.table).entry(verb, before: "j.record", reason: reason)
    }

    private var answer: String {
        let maker = status == nil ? "NULL::text" : "w.\"created_by\"::text"
        let status = status.map { "coalesce(w.\($0), (j.record).\($0))" } ?? "NULL::text"
        let payload = event == nil ? "NULL::text" : "(SELECT p.payload::text FROM published p)"
        return "SELECT coalesce(j.outcome, 'missing'), coalesce(w.\"version\", (j.record).\"version\")::text, "
            + "CASE WHEN w.\"id\" IS NOT NULL THEN \(form.json("w"))::text END, \(status), \(payload), \(maker) "
            + "FROM (VALUES (1)) o(one) LEFT JOIN judged j ON true LEFT JOIN written w ON true"
    }
}
