import HostManifest
import HostModel

/// The SQL text of the rows that a write leaves behind: one in `audit.entry`, and one in `events.outbox` for an event.
///
/// Every write has the parameters `$1` record id, `$2` actor id, `$3` actor kind, `$4` request id, `$5` entry id.
struct AuditText: Sendable {
    /// The business of the transaction: never a parameter, so the tenant scope decides alone.
    static let business = "(SELECT current_setting('thorbis.business_id', true))::uuid"
    /// How many parameters come before a statement's own.
    static let parameterCount = 5

    let table: RecordTable

    /// Columns that tell nothing about what was changed: the entry itself says who and when.
    private static let unaudited = [
        "business_id", "id", "version", "created_at", "updated_at", "created_by", "updated_by",
    ]

    /// Records the row `w` of `written`.
    ///
    /// - Parameters:
    ///   - verb: The last part of the action: `create`, `update`, `archive`, a transition.
    ///   - before: The composite value before the change; nil for a new record.
    ///   - reason: The number of the parameter with the reason; nil for none.
    func entry(_ verb: String, before: String?, reason: Int? = nil) -> String {
        entry(
            verb, changes: before.map(changes) ?? news,
            source: "written w" + (before == nil ? "" : ", judged j"), reason: reason)
    }

    private func entry(_ verb: String, changes: String, source: String, reason: Int?) -> String {
        "audited AS (INSERT INTO audit.entry "
            + "(business_id, id, request_id, actor_kind, actor_id, action, entity, record_id, changes, reason) "
            + "SELECT \(Self.business), $5::uuid, $4::uuid, $3::text, $2::uuid, "
            + "\(SQLName.literal("\(table.reference).\(verb)")), \(SQLName.literal(table.reference.description)), "
            + "$1::uuid, \(changes), \(reason.map { "$\($0)::text" } ?? "NULL") FROM \(source))"
    }

    /// What an entry tells of a new record.
    var news: String { values("to") }

    /// Records the row `w` of `written`, which is gone.
    func removal(_ verb: String) -> String { entry(verb, changes: values("from"), source: "written w", reason: nil) }

    /// `{"summary": {"to": …}}` for every value of a new record, or with `from` for one that is gone.
    ///
    /// Built column by column: taking the row apart with `jsonb_each` and putting it together again took a quarter of
    /// an import's time. A value that isn't there has the key `''`, which no column has and which is then left out.
    private func values(_ end: String) -> String {
        let members = table.columns.filter { !Self.unaudited.contains($0.name) }.map { column in
            let absent = column.type.name == "jsonb" ? " OR \(column.raw("w")) = 'null'::jsonb" : ""
            let name = SQLName.literal(column.name)
            let key = "CASE WHEN \(column.raw("w")) IS NULL\(absent) THEN '' ELSE \(name) END"
            let isThere = !column.isNullable && absent.isEmpty
            return "\(isThere ? name : key), jsonb_build_object('\(end)', \(told(column)))"
        }
        let objects = stride(from: 0, to: members.count, by: Self.pairsMax).map { start in
            "jsonb_build_object(\(members[start..<min(start + Self.pairsMax, members.count)].joined(separator: ", ")))"
        }
        return "((\(objects.joined(separator: " || "))) - ''::text)"
    }

    /// A function takes a hundred arguments, two for each member.
    private static let pairsMax = 50

    /// What the trail tells of a column of the row `w`.
    private func told(_ column: Column) -> String {
        if column.isSensitive { return SQLName.literal("hidden") + "::text" }
        return column.isConverted ? column.shown("w") : column.raw("w")
    }

    /// `{"summary": {"from": …, "to": …}}` for every value that changed.
    func changes(before: String) -> String {
        "(SELECT coalesce(jsonb_object_agg(a.key, "
            + "jsonb_build_object('from', \(masked("b")), 'to', \(masked("a")))), '{}'::jsonb) "
            + "FROM jsonb_each(\(image("w"))) a JOIN jsonb_each(\(image(before))) b ON b.key = a.key "
            + "WHERE a.key NOT IN (\(SQLName.literals(Self.unaudited))) AND a.value <> b.value)"
    }

    /// The row as JSON, its values in the form that records show.
    private func image(_ row: String) -> String {
        let converted = table.columns.filter { $0.isConverted && !$0.isSensitive }
        guard !converted.isEmpty else { return "to_jsonb(\(row))" }
        let alias = row.contains(".") ? "(\(row))" : row
        let members = converted.map { "\(SQLName.literal($0.name)), \($0.shown(alias))" }
        return "to_jsonb(\(row)) || jsonb_build_object(\(members.joined(separator: ", ")))"
    }

    /// The value of a key, or the word `hidden` for a sensitive one: the trail says that it changed, not to what.
    private func masked(_ alias: String) -> String {
        let sensitive = table.columns.filter(\.isSensitive).map(\.name)
        guard !sensitive.isEmpty else { return "\(alias).value" }
        return "CASE WHEN \(alias).key IN (\(SQLName.literals(sensitive))) THEN '\"hidden\"'::jsonb "
            + "ELSE \(alias).value END"
    }
}
