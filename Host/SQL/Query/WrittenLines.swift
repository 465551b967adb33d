package import HostManifest
package import HostModel

/// Lines that are written with their document: the plan of their records, and the statements that only they need.
package struct WrittenLines: Sendable {
    /// Of the document's body.
    package let member: String
    /// How lines are made and changed: as records of their own.
    package let plan: EntityPlan
    /// The statuses of the document in which they change; nil for any.
    package let statuses: [String]?
    /// Makes a line whole that is new.
    package let completion: LineCompletion

    private let present: SQLStatement
    private let differing: SQLStatement
    private let removal: SQLStatement
    /// The document, by its name in the line's values.
    private let parent: String

    /// Nil for an entity whose records aren't written with their document.
    init?(_ entity: Entity, of plugin: PluginID, in set: ManifestSet) {
        guard let parent = entity.parent, let written = parent.written,
            let completion = LineCompletion(entity),
            let plan = EntityPlan(EntityReference(plugin: plugin, name: entity.name), in: set)
        else { return nil }
        member = parent.member
        self.plan = plan
        statuses = written.statuses
        self.completion = completion
        self.parent = parent.entity
        present = Self.present(plan)
        differing = Self.differing(plan)
        removal = Self.removal(plan)
    }

    // MARK: Commands

    /// Finds the lines of a document and holds them until the transaction ends. Rows, in the lines' order: `id`, who
    /// made it, `external_id`.
    package func present(in document: RecordID) -> SQLCommand { SQLCommand(present, [document.description]) }

    /// Finds which lines their new values would change. Rows: `id`.
    ///
    /// - Parameters:
    ///   - values: By line, then by field name, as of ``EntityPlan/update(_:version:values:by:)``.
    ///   - document: Whose lines they are.
    /// - Throws: As ``EntityPlan/update(_:version:values:by:)``, with the number of the line.
    package func differing(
        _ values: [(id: RecordID, values: [String: JSONValue])], in document: RecordID
    ) throws(Problem) -> SQLCommand {
        var wanted = JSONObject()
        for line in values { wanted[line.id.description] = .object(try plan.document(changing: line.values)) }
        return SQLCommand(differing, [document.description, JSONValue.object(wanted).text])
    }

    /// Deletes one line. Row: its id, if it was there.
    package func remove(_ line: RecordID, by context: WriteContext) -> SQLCommand {
        SQLCommand(removal, plan.audit(line, context))
    }

    /// The values of a line with what the host sets: its document and its number.
    package func numbered(
        _ values: [String: JSONValue], at index: Int, of document: RecordID? = nil
    ) -> [String: JSONValue] {
        var values = values
        values[Entity.position] = .int(Int64(index) + 1)
        if let document { values[parent] = .string(document.description) }
        return values
    }

    // MARK: Texts

    private static func parentColumn(_ plan: EntityPlan) -> String {
        SQLName.quoted(plan.table.parentColumn ?? "id")
    }

    private static func present(_ plan: EntityPlan) -> SQLStatement {
        SQLStatement(
            name: SQLName.fitted(plan.label + ".present"),
            text: "SELECT t.\"id\"::text, t.\"created_by\"::text, t.\"external_id\" FROM \(plan.table.name) t "
                + "WHERE t.\(parentColumn(plan)) = $1::uuid ORDER BY t.\"position\", t.\"id\" FOR UPDATE",
            effect: .none)
    }

    /// PostgreSQL compares: it alone knows when two forms of a value are one. Of the business's own fields those that
    /// aren't sent stay, as in every change.
    private static func differing(_ plan: EntityPlan) -> SQLStatement {
        let custom = "jsonb_strip_nulls(t.\"custom\" || (w.value -> 'custom'))"
        let values = "CASE WHEN w.value ? 'custom' THEN w.value || jsonb_build_object('custom', \(custom)) "
        return SQLStatement(
            name: SQLName.fitted(plan.label + ".differing"),
            text: "SELECT t.\"id\"::text FROM \(plan.table.name) t JOIN jsonb_each($2::jsonb) w "
                + "ON t.\"id\" = w.key::uuid, "
                + "LATERAL jsonb_populate_record(t, \(values)ELSE w.value END) n "
                + "WHERE t.\(parentColumn(plan)) = $1::uuid AND n IS DISTINCT FROM t",
            effect: .none)
    }

    /// One line with its own row in the audit trail, unlike those that an operation deletes all at once.
    private static func removal(_ plan: EntityPlan) -> SQLStatement {
        let table = plan.table
        let text =
            "WITH written AS (DELETE FROM \(table.name) t WHERE t.\"id\" = $1::uuid RETURNING t.*), "
            + AuditText(table: table).removal("delete") + " SELECT w.\"id\"::text FROM written w"
        return SQLStatement(name: SQLName.fitted(plan.label + ".remove"), text: text, effect: table.changed)
    }
}
