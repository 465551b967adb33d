import HostManifest

/// The SQL text of the event that a transition emits: a row in `events.outbox`.
struct EventText: Hashable, Sendable {
    let table: RecordTable
    let event: EventType
    /// The number of the parameter with the row's id.
    let id: Int

    /// Qualified: `hs.work_order.completed`.
    private var type: String { "\(table.schema).\(event.name)" }

    var published: String {
        "published AS (INSERT INTO events.outbox (business_id, id, type, entity, record_id, version, payload) "
            + "SELECT \(AuditText.business), $\(id)::uuid, \(SQLName.literal(type)), "
            + "\(SQLName.literal(table.reference.description)), w.\"id\", w.\"version\", \(payload) "
            + "FROM written w RETURNING payload)"
    }

    /// The declared members: columns of that name, and the record's own id for a reference to its entity.
    private var payload: String {
        let members = event.payload.map { field in
            "\(SQLName.literal(field.column)), \(value(of: field))"
        }
        return "jsonb_build_object(\(members.joined(separator: ", ")))"
    }

    private func value(of field: Field) -> String {
        if let column = table.column(field.column) { return column.shown("w") }
        return field.type == .reference(table.reference) ? "w.\"id\"" : "NULL::text"
    }
}
