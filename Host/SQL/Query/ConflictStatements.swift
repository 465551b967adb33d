import HostManifest
package import HostModel

/// The statements that find who has the time that a refused write wanted.
struct ConflictStatements: Sendable {
    /// By the id of the exclusion.
    let statements: [String: SQLStatement]

    /// Records that one answer names.
    static let countMax = 20

    init(_ table: RecordTable, label: String) {
        var statements: [String: SQLStatement] = [:]
        for exclusion in table.entity.exclusions {
            let name = SQLName.fitted("\(label).conflicts.\(exclusion.id)")
            statements[exclusion.id] = SQLStatement(name: name, text: Self.text(exclusion, table), effect: .none)
        }
        self.statements = statements
    }

    /// Parameters: 1 the record's id, 2 the values that were to be written, 3 the user whose records alone may be
    /// named, or NULL. The values that weren't to be changed are those of the record, if it is there.
    private static func text(_ exclusion: Entity.Exclusion, _ table: RecordTable) -> String {
        let range = ExclusionText(exclusion, of: table)
        let wanted = "jsonb_populate_record((SELECT t FROM \(table.name) t WHERE t.\"id\" = $1::uuid), $2::jsonb)"
        let same = exclusion.resources.map { "c.\(SQLName.quoted($0)) = n.\(SQLName.quoted($0))" }
        let counted = exclusion.condition.map { " AND (\(ExpressionText(of: "c").sql($0)))" } ?? ""
        let status = table.entity.states.map { ", 'status', c.\(SQLName.quoted($0.field))" } ?? ""
        let named =
            "json_build_object('id', c.\"id\", 'from', \(range.start("c")), 'to', \(range.end("c"))\(status))::text"
        return "SELECT CASE WHEN $3::uuid IS NULL OR c.\"created_by\" = $3::uuid THEN \(named) END "
            + "FROM \(table.name) c, \(wanted) n WHERE c.\"id\" <> $1::uuid AND \(same.joined(separator: " AND ")) "
            + "AND \(range.range("c")) && \(range.range("n"))\(counted) "
            + "ORDER BY \(range.start("c")), c.\"id\" LIMIT \(countMax + 1)"
    }
}

extension EntityPlan {
    /// Finds the records that a refused write overlaps, in the order of their start; 21 at most.
    ///
    /// Rows: the record as JSON (`id`, `from`, `to`, its status); NULL for one that this person can't see.
    ///
    /// - Parameters:
    ///   - rule: The exclusion, from the problem's member `rule`.
    ///   - id: The record that was to be written.
    ///   - document: The values that were to be written, by column.
    ///   - scope: Which records may be named.
    /// - Returns: Nil for an unknown rule.
    package func conflicts(
        of rule: String, id: RecordID, document: JSONObject, for scope: RecordScope
    ) -> SQLCommand? {
        guard let statement = conflicts.statements[rule],
            let exclusion = entity.exclusions.first(where: { $0.id == rule })
        else { return nil }
        var wanted = JSONObject()
        for column in exclusion.resources + [exclusion.from, exclusion.to] { wanted[column] = document[column] }
        return SQLCommand(statement, [id.description, JSONValue.object(wanted).text, scope.owner?.description])
    }

    /// How many conflicting records an answer names.
    package static var conflictCountMax: Int { ConflictStatements.countMax }

    /// The values of a new record by column, as ``create(_:by:)`` writes them.
    package func document(of record: NewRecord) throws(Problem) -> JSONObject {
        try document.new(record)
    }

    /// Changed values by column, as ``update(_:version:values:by:)`` writes them.
    package func document(changing values: [String: JSONValue]) throws(Problem) -> JSONObject {
        try document.changes(values)
    }
}
