import HostManifest

/// The SQL text that writes many records in one statement, with an audit entry for each.
///
/// Parameters: `$1` actor id, `$2` actor kind, `$3` what the entries' reasons begin with, `$4` the documents as a JSON
/// array, `$5` the records' ids, `$6` the entries' ids, `$7` the rows' numbers. The arrays go in step.
///
/// One statement with documents was measured against COPY, which PostgreSQL refuses on tables with row-level security:
/// COPY into a staging table and INSERT … SELECT from it was no faster, COPY into a view with a trigger half as fast,
/// an array for each column no faster than the one document.
struct ImportText: Sendable {
    let form: RecordForm
    let condition: MountCondition
    let label: String
    /// The numbers that the host gives; nil for none.
    let numbers: NumberText?

    private var table: RecordTable { form.table }
    private static let host = ["business_id", "id", "created_by", "updated_by"]
    private static let given =
        "ROWS FROM (json_array_elements($4::json), unnest($5::uuid[])) AS g(document, id)"

    /// The documents taken apart in one go, with names beside them that no column has.
    private var taken: String {
        "ROWS FROM (unnest($5::uuid[]), unnest($7::bigint[]), "
            + "json_populate_recordset(NULL::\(table.name), $4::json)) AS g(\(NumberText.given("Id")), "
            + "\(NumberText.given("No")))"
    }

    /// Rows: the ids of the records that were stored.
    ///
    /// - Parameter skipping: Leaves records out that break a unique or exclusion constraint, in place of failing.
    func insert(skipping: Bool) -> String {
        let labels = LabelText(table)
        let columns = table.writableColumns.map(\.name) + (labels.map { [$0.column] } ?? [])
        let values = columns.map { column in
            if column == numbers?.field { return numbers?.valueOfMany ?? "" }
            return column == labels?.column ? labels?.initial ?? "" : "g." + SQLName.quoted(column)
        }.joined(separator: ", ")
        guard let numbers else { return "WITH " + stored(columns, values, "FROM \(taken)", skipping) }
        return "WITH \(numbers.numberedMany(taken)), " + stored(columns, values, "FROM given g", skipping)
    }

    private func stored(_ columns: [String], _ values: String, _ source: String, _ skipping: Bool) -> String {
        "written AS (INSERT INTO \(table.name) (\(SQLName.list(Self.host + columns))) "
            + "SELECT \(AuditText.business), g.\(NumberText.given("Id")), $1::uuid, $1::uuid, \(values) \(source)"
            + (skipping ? " ON CONFLICT DO NOTHING" : "") + " RETURNING *), "
            + audited("create", changes: AuditText(table: table).news, source: "written w") + history
            + " SELECT w.\"id\"::text FROM written w"
    }

    /// Rows: id and what became of it, `done`, `same` (nothing to change) or `archived`. Records that aren't there, or
    /// not for this person, have no row.
    ///
    /// - Parameter scope: A condition on `t`, starting with ` AND `, or nothing.
    func update(_ scope: String) -> String {
        let archived = table.entity.isArchivable ? "WHEN (l.t).\"archived_at\" IS NOT NULL THEN 'archived' " : ""
        // Compared byte for byte, which works for every type.
        let outcome = "CASE \(archived)WHEN n *= l.t THEN 'same' ELSE 'done' END"
        let sets = table.writableColumns.map { column in
            let name = SQLName.quoted(column.name)
            return "\(name) = (j.changed).\(name)"
        }
        let host = ["\"version\" = t.\"version\" + 1", "\"updated_at\" = now()", "\"updated_by\" = $1::uuid"]
        return "WITH locked AS MATERIALIZED (SELECT t, g.document FROM \(Self.given) "
            + "JOIN \(table.name) t ON t.\"id\" = g.id WHERE true\(condition.text)\(scope) FOR UPDATE OF t), "
            + "judged AS MATERIALIZED (SELECT (l.t).\"id\" AS id, l.t AS record, n AS changed, "
            + "\(outcome) AS outcome FROM locked l, LATERAL json_populate_record(l.t, \(Self.merged)) n), "
            + "written AS (UPDATE \(table.name) t SET \((host + sets).joined(separator: ", ")) FROM judged j "
            + "WHERE t.\"id\" = j.id AND j.outcome = 'done' RETURNING t.*), "
            + audited(
                "update", changes: AuditText(table: table).changes(before: "j.record"),
                source: "written w JOIN judged j ON j.id = w.\"id\"")
            + " SELECT j.id::text, j.outcome FROM judged j"
    }

    /// The document of a change; of the business's own fields only those sent are replaced, and null removes one.
    private static let merged =
        "CASE WHEN l.document -> 'custom' IS NULL THEN l.document ELSE (l.document::jsonb "
        + "|| jsonb_build_object('custom', jsonb_strip_nulls((l.t).\"custom\" || (l.document -> 'custom')::jsonb)))"
        + "::json END"

    private func audited(_ verb: String, changes: String, source: String) -> String {
        "audited AS (INSERT INTO audit.entry "
            + "(business_id, id, request_id, actor_kind, actor_id, action, entity, record_id, changes, reason) "
            + "SELECT \(AuditText.business), e.entry, NULL, $2::text, $1::uuid, "
            + "\(SQLName.literal("\(table.reference).\(verb)")), \(SQLName.literal(table.reference.description)), "
            + "w.\"id\", \(changes), $3::text || ' row ' || e.no FROM \(source) "
            + "JOIN \(Self.entries) ON e.id = w.\"id\")"
    }

    /// The audit entry of each record.
    static let entries = "unnest($5::uuid[], $6::uuid[], $7::bigint[]) AS e(id, entry, no)"

    private var history: String {
        table.entity.states.map { ", " + HistoryText(table: table, states: $0).imported } ?? ""
    }
}
