import HostManifest

/// How the words of an entity's records are kept for `q=`: triggers of its table write them into `search.word`.
struct SearchDDL {
    /// Of all entities; read by every search, written by the triggers alone.
    static let words = "search.word"

    /// The model of the table: its name in double quotes, and what is searched.
    let quotedTable: String
    let table: String
    let search: SearchModel

    /// Nil for an entity that isn't searched.
    init?(_ table: RecordTable) {
        guard let search = SearchModel(table) else { return nil }
        self.init(quotedTable: table.name, table: table.reference.name, search: search)
    }

    init(quotedTable: String, table: String, search: SearchModel) {
        self.quotedTable = quotedTable
        self.table = table
        self.search = search
    }

    /// New records all at once, the words of a statement in one; changed ones only where a searched text changed.
    var triggers: [NamedDefinition] {
        let changed = search.columns.map { column in
            let quoted = SQLName.quoted(column)
            return "OLD.\(quoted) COLLATE \"C\" IS DISTINCT FROM NEW.\(quoted) COLLATE \"C\""
        }
        return [
            trigger("words_start", "INSERT", "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT", "add_words"),
            trigger(
                "words_step", "UPDATE", "FOR EACH ROW WHEN (\(changed.joined(separator: " OR ")))", "change_words"),
            trigger("words_end", "DELETE", "FOR EACH ROW", "change_words"),
        ]
    }

    private func trigger(_ rule: String, _ event: String, _ how: String, _ function: String) -> NamedDefinition {
        let name = SQLName.fitted("\(table)_\(rule)")
        let arguments = [search.entity, ArrayText.literal(search.columns)]
        return NamedDefinition(
            name: name,
            definition: "CREATE TRIGGER \(SQLName.quoted(name)) AFTER \(event) ON \(quotedTable) \(how) "
                + "EXECUTE FUNCTION search.\(function)(\(SQLName.literals(arguments)))")
    }

    /// The words of a row, as an array: what its triggers keep of it.
    func words(of alias: String) -> String {
        let columns = search.columns.map { "\(alias).\(SQLName.quoted($0)) COLLATE \"C\"" }
        return "search.words(concat_ws(' ', \(columns.joined(separator: ", "))))"
    }

    /// One batch of one business, for records that are there already; parameters and answer as ``Backfill/statement``.
    ///
    /// Rows are locked, so that none is changed between its reading and its words being there.
    var fill: String {
        """
        WITH batch AS MATERIALIZED (SELECT t.* FROM \(quotedTable) t WHERE t.business_id = $1::uuid \
        AND t.id > $2::uuid ORDER BY t.id LIMIT $3::int FOR NO KEY UPDATE), \
        found AS (INSERT INTO \(Self.words) (business_id, entity, word, record_id) \
        SELECT b.business_id, \(SQLName.literal(search.entity)), w.word, b.id FROM batch b, \
        LATERAL unnest(\(words(of: "b"))) AS w(word) \
        ORDER BY w.word COLLATE "C" ON CONFLICT DO NOTHING) \
        SELECT count(*)::text, max(b.id::text) FROM batch b
        """
    }

    /// One batch of one business of words that nobody keeps any more; parameters and answer as
    /// ``Backfill/statement``, but for the id: the next batch begins where this one ended.
    static func forget(_ entity: String) -> String {
        """
        WITH batch AS (SELECT w.word, w.record_id FROM \(words) w WHERE w.business_id = $1::uuid \
        AND w.entity = \(SQLName.literal(entity)) AND $2::uuid IS NOT NULL LIMIT $3::int), \
        gone AS (DELETE FROM \(words) w USING batch b WHERE w.business_id = $1::uuid \
        AND w.entity = \(SQLName.literal(entity)) AND w.word = b.word AND w.record_id = b.record_id RETURNING 1) \
        SELECT count(*)::text, '00000000-0000-0000-0000-000000000000' FROM gone
        """
    }
}
