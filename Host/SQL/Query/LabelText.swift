import HostManifest

/// The SQL text of a record's label: which of the business's own words for its status it has.
struct LabelText {
    let column = StateMachine.labelColumn
    private let entity: String
    private let states: StateMachine

    /// Nil for an entity without labels.
    init?(_ table: RecordTable) {
        guard let states = table.entity.states, states.hasLabels else { return nil }
        self.states = states
        entity = SQLName.literal(table.reference.description)
    }

    /// Of a new record: the default of the status that it starts in, or NULL.
    var initial: String { standard(of: states.initial) }

    /// After a transition: the default of the new status; a record that stays in its status keeps its label.
    func afterward(_ status: String) -> String {
        let record = "(j.record)"
        return "CASE WHEN \(record).\(SQLName.quoted(states.field)) = \(SQLName.literal(status)) "
            + "THEN \(record).\(SQLName.quoted(column)) ELSE \(standard(of: status)) END"
    }

    /// Whether a parameter names no label that the locked row `t` can have; NULL is none and fits always.
    func isUnknown(_ parameter: Int) -> String {
        "$\(parameter)::uuid IS NOT NULL AND NOT EXISTS (\(labels("t.\(SQLName.quoted(states.field))")) "
            + "AND l.id = $\(parameter)::uuid AND l.archived_at IS NULL)"
    }

    private func standard(of status: String) -> String {
        "(\(labels(SQLName.literal(status))) AND l.is_default)"
    }

    private func labels(_ status: String) -> String {
        "SELECT l.id FROM states.label l WHERE l.business_id = \(AuditText.business) "
            + "AND l.entity = \(entity) AND l.status = \(status)"
    }
}
