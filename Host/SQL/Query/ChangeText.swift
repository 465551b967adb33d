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
    /// What else must hold of the record with its changes; all that don't are told together.
    var guards: [Entity.Check] = []
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
        guard !obstacles.isEmpty || !guards.isEmpty else { return Self.done }
        let cases =
            obstacles.map { "WHEN \($0.condition) THEN \(SQLName.literal($0.outcome.rawValue))" } + guarded
        return "CASE \(cases.joined(separator: " ")) ELSE \(Self.done) END"
    }

    /// `guarded:has_times,has_party`: the guards that don't hold, in their order.
    ///
    /// They see the record with its changes. Taken apart column by column: a row joined to the locked one would, after
    /// waiting for the lock, still be made of what the locked one was before.
    private var guarded: [String] {
        guard !guards.isEmpty else { return [] }
        let row = document.map { "(jsonb_populate_record(t, $\($0)::jsonb))" } ?? "t"
        let conditions = guards.map { "(\(ExpressionText(of: row).sql($0.expression))) IS TRUE" }
        let unmet = zip(guards, conditions).map { check, condition in
            "CASE WHEN \(condition) THEN NULL ELSE \(SQLName.literal(check.id)) END"
        }
        let outcome = SQLName.literal(ChangeOutcome.guarded.rawValue + ":")
        return [
            "WHEN NOT (\(conditions.joined(separator: " AND "))) "
                + "THEN \(outcome) || concat_ws(',', \(unmet.joined(separator: ", ")))"
        ]
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
