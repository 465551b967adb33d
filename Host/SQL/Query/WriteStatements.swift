import HostManifest
import HostModel

/// The statements that change one record.
struct WriteStatements: Sendable {
    let create: SQLStatement
    let update: ScopedStatement
    /// Nil for an entity that can't be archived.
    let archive: ScopedStatement?
    let transitions: [String: Transition]
    /// Nil for an entity without counters.
    let adjust: ScopedStatement?
    /// Nil for an entity without labels.
    let label: ScopedStatement?
    let condition: MountCondition

    struct Transition: Sendable {
        let statement: ScopedStatement
        /// Whether the statement takes the id of an event.
        let hasEvent: Bool
    }

    init(
        _ form: RecordForm, label: String, condition: MountCondition, events: [EventType], numbers: NumberText?
    ) {
        self.condition = condition
        create = Self.create(form, label: label, numbers: numbers)
        update = Self.update(form, label: label, condition: condition)
        archive = form.table.entity.isArchivable ? Self.archive(form, label: label, condition: condition) : nil
        adjust = form.table.entity.counters.isEmpty ? nil : Self.adjust(form, label: label, condition: condition)
        self.label = LabelText(form.table).map { Self.label($0, form, label: label, condition: condition) }
        var transitions: [String: Transition] = [:]
        for transition in form.table.entity.states?.transitions ?? [] {
            let event = events.first { $0.name == transition.emits }
            let statement = Self.transition(transition, form, label: label, condition: condition, event: event)
            transitions[transition.name] = Transition(statement: statement, hasEvent: event != nil)
        }
        self.transitions = transitions
    }

    private static func create(_ form: RecordForm, label: String, numbers: NumberText?) -> SQLStatement {
        let table = form.table
        let document = AuditText.parameterCount + 1
        let host = ["business_id", "id", "created_by", "updated_by"]
        let labels = LabelText(table)
        let columns = table.writableColumns.map(\.name) + (labels.map { [$0.column] } ?? [])
        let values = columns.map { column in
            if column == numbers?.field { return numbers?.value ?? "" }
            return column == labels?.column ? labels?.initial ?? "" : "n." + SQLName.quoted(column)
        }
        let numbered = numbers.map { $0.numbered(document: document) + ", " } ?? ""
        let history = table.entity.states.map { ", " + HistoryText(table: table, states: $0).started } ?? ""
        let text =
            "WITH \(numbered)written AS (INSERT INTO \(table.name) (\(SQLName.list(host + columns))) "
            + "SELECT \(AuditText.business), $1::uuid, $2::uuid, $2::uuid, \(values.joined(separator: ", ")) "
            + "FROM jsonb_populate_record(NULL::\(table.name), $\(document)::jsonb) n RETURNING *), "
            + AuditText(table: table).entry("create", before: nil) + history
            + " SELECT w.\"version\"::text, \(form.json("w"))::text\(form.standing("w")) FROM written w"
        return SQLStatement(name: SQLName.fitted(label + ".create"), text: text, effect: table.changed)
    }

    /// Own parameters: 6 the document, 7 the expected version or NULL.
    private static func update(_ form: RecordForm, label: String, condition: MountCondition) -> ScopedStatement {
        let change = ChangeText(
            form: form, condition: condition, verb: "update",
            obstacles: obstacles(form, version: 7), assignments: documentAssignments(form), document: 6)
        return ScopedStatement(
            name: label + ".update", ownerParameter: 8, effect: form.table.changed, text: change.text)
    }

    /// Own parameter: 6 the expected version or NULL.
    private static func archive(_ form: RecordForm, label: String, condition: MountCondition) -> ScopedStatement {
        let change = ChangeText(
            form: form, condition: condition, verb: "archive",
            obstacles: obstacles(form, version: 6), assignments: [("archived_at", "now()")])
        return ScopedStatement(
            name: label + ".archive", ownerParameter: 7, effect: form.table.changed, text: change.text)
    }

    /// Own parameters: 6 the document, 7 the expected version or NULL, 8 the reason or NULL, 9 the event's id if the
    /// transition emits one.
    private static func transition(
        _ transition: StateMachine.Transition, _ form: RecordForm, label: String, condition: MountCondition,
        event: EventType?
    ) -> ScopedStatement {
        let status = form.table.entity.states?.field ?? "status"
        let forbidden = "t.\(SQLName.quoted(status)) NOT IN (\(SQLName.literals(transition.from)))"
        let change = ChangeText(
            form: form, condition: condition, verb: transition.name,
            obstacles: obstacles(form, version: 7) + [(forbidden, .forbidden)], guards: transition.guards,
            assignments: documentAssignments(form) + [(status, SQLName.literal(transition.to))]
                + (LabelText(form.table).map { [($0.column, $0.afterward(transition.to))] } ?? []),
            document: 6, reason: 8, event: event.map { EventText(table: form.table, event: $0, id: 9) },
            history: form.table.entity.states.map {
                HistoryText(table: form.table, states: $0).moved(transition.name, reason: 8)
            })
        return ScopedStatement(
            name: "\(label).transition.\(transition.name)", ownerParameter: event == nil ? 9 : 10,
            effect: form.table.changed, text: change.text)
    }

    /// Own parameters: 6 the steps by column, 7 the expected version or NULL, 8 the reason or NULL.
    ///
    /// The row is locked when the steps are added, and its CHECKs guard the result: of many at once none is lost, and
    /// none goes beyond a bound.
    private static func adjust(_ form: RecordForm, label: String, condition: MountCondition) -> ScopedStatement {
        let steps = form.table.entity.counters.map { counter in
            let (column, key) = (SQLName.quoted(counter.column), SQLName.literal(counter.column))
            let sum = "coalesce((j.record).\(column), 0) + ($6::jsonb ->> \(key))::bigint"
            return (
                column: counter.column,
                value: "CASE WHEN $6::jsonb ->> \(key) IS NULL THEN (j.record).\(column) ELSE \(sum) END"
            )
        }
        let change = ChangeText(
            form: form, condition: condition, verb: "adjust", obstacles: obstacles(form, version: 7),
            assignments: steps, reason: 8)
        return ScopedStatement(
            name: label + ".adjust", ownerParameter: 9, effect: form.table.changed, text: change.text)
    }

    /// Own parameters: 6 the label or NULL, 7 the expected version or NULL, 8 the reason or NULL.
    private static func label(
        _ labels: LabelText, _ form: RecordForm, label: String, condition: MountCondition
    ) -> ScopedStatement {
        let change = ChangeText(
            form: form, condition: condition, verb: StateMachine.labelAction,
            obstacles: obstacles(form, version: 7) + [(labels.isUnknown(6), .unlabelled)],
            assignments: [(labels.column, "$6::uuid")], reason: 8,
            history: form.table.entity.states.map { HistoryText(table: form.table, states: $0).labelled(reason: 8) })
        return ScopedStatement(
            name: label + ".label", ownerParameter: 9, effect: form.table.changed, text: change.text)
    }

    private static func obstacles(_ form: RecordForm, version: Int) -> [(condition: String, outcome: ChangeOutcome)] {
        let stale = ("t.\"version\" <> $\(version)::integer", ChangeOutcome.stale)
        return form.table.entity.isArchivable ? [("t.\"archived_at\" IS NOT NULL", .archived), stale] : [stale]
    }

    private static func documentAssignments(_ form: RecordForm) -> [(column: String, value: String)] {
        form.table.writableColumns.map { column in
            let new = "n." + SQLName.quoted(column.name)
            // Of the business's own fields only those sent are replaced; null removes one.
            return (column.name, column.name == "custom" ? "jsonb_strip_nulls((j.record).\"custom\" || \(new))" : new)
        }
    }
}
