import HostManifest
package import HostModel

/// The statement that reads how a record came to its status.
struct HistoryStatements: Sendable {
    let page: ScopedStatement

    /// Own parameters: 2 the version after which the page starts, 3 how many rows at most.
    init(_ form: RecordForm, label: String, condition: MountCondition) {
        let entity = SQLName.literal(form.table.reference.description)
        page = ScopedStatement(name: label + ".history", ownerParameter: 4, effect: .none) { scope in
            "SELECT row_to_json(r)::text, r.\"version\"::text, t.\"id\"::text FROM \(form.table.name) t "
                + "LEFT JOIN LATERAL (SELECT h.id, h.version, h.from_status AS \"from\", h.to_status AS \"to\", "
                + "h.transition, h.reason, h.label_id, h.at, h.actor_kind, h.by FROM states.history h "
                + "WHERE h.business_id = t.business_id AND h.entity = \(entity) AND h.record_id = t.\"id\" "
                + "AND h.version > $2::integer ORDER BY h.version LIMIT $3::integer) r ON true "
                + "WHERE t.\"id\" = $1::uuid\(condition.text)\(scope) ORDER BY r.\"version\""
        }
    }
}

extension EntityPlan {
    /// Reads the changes of a record's status, oldest first. Rows: `json`, `version`, the record's id; one row with two
    /// NULLs for a record without any, none for a record that isn't there.
    ///
    /// - Parameters:
    ///   - id: The record.
    ///   - version: Only changes that made a later version; 0 for all.
    ///   - limit: How many rows at most.
    ///   - scope: Whose records are there.
    /// - Throws: `not_found` for an entity without statuses.
    package func history(
        of id: RecordID, after version: Int64, limit: Int, for scope: RecordScope
    ) throws(Problem) -> SQLCommand {
        guard let histories else { throw .notFound("history") }
        return histories.page.command([id.description, String(version), String(limit)], for: scope)
    }
}
