import HostModel
import HostSQL

/// The SQL of custom fields.
enum CustomFieldStatements {
    private static let shown = """
        id, version, entity, key, label, type, required, options, target, position, indexed,
        is_unique AS "unique", index_state, visible_to_roles, archived_at, created_at, updated_at
        """

    /// An expression: which fields somebody with these roles doesn't see, as `{"hs.work_order": ["margin"]}`; NULL for
    /// none. Archived fields count, since their values are still in the records.
    static func veil(from roles: String) -> String {
        """
        (SELECT json_object_agg(v.entity, v.keys)::text FROM (
            SELECT f.entity, json_agg(f.key) AS keys FROM custom.field f
            WHERE f.visible_to_roles <> '{}' AND NOT f.visible_to_roles && \(roles) GROUP BY f.entity) v)
        """
    }

    /// `$1` the entity or NULL. Rows: `json`, version.
    static let list = SQLStatement(
        name: "custom.list",
        text: """
            SELECT row_to_json(f)::text, f.version::text FROM (
                SELECT \(shown) FROM custom.field WHERE $1::text IS NULL OR entity = $1 ORDER BY entity, position, key
            ) f
            """)

    /// Those in use. Rows: entity, key, type, required, options as JSON, target, id of an indexed one, ready or not.
    static let inUse = SQLStatement(
        name: "custom.in_use",
        text: """
            SELECT entity, key, type, required::text, to_json(options)::text, target,
                CASE WHEN indexed THEN id::text END, (index_state = 'ready')::text
            FROM custom.field WHERE archived_at IS NULL ORDER BY position, key
            """)

    /// Held until the transaction ends, so that two new fields can't both be the last that the tier allows.
    static let lock = SQLStatement(
        name: "custom.lock",
        text: "SELECT pg_advisory_xact_lock(hashtext('custom.field'), hashtext(\(RowSecurity.currentBusiness)::text))")

    static let count = SQLStatement(
        name: "custom.count",
        text: """
            SELECT count(*)::text, (count(*) FILTER (WHERE indexed))::text
            FROM custom.field WHERE entity = $1 AND archived_at IS NULL
            """)

    static let add = SQLStatement(
        name: "custom.add",
        text: """
            WITH made AS (
                INSERT INTO custom.field (business_id, id, created_by, updated_by, entity, key, label, type, required,
                    options, target, position, indexed, is_unique, visible_to_roles, index_state)
                SELECT \(RowSecurity.currentBusiness), $1::uuid, $2::uuid, $2::uuid, $3, $4, $5, $6, $7::boolean,
                    ARRAY(SELECT jsonb_array_elements_text($8::jsonb)), $9, $10::int, $11::boolean, $12::boolean,
                    ARRAY(SELECT jsonb_array_elements_text($13::jsonb)),
                    CASE WHEN $11::boolean THEN 'building' END
                ON CONFLICT (business_id, entity, key) DO NOTHING
                RETURNING \(shown)
            ) SELECT row_to_json(f)::text, f.version::text FROM made f
            """)

    /// `$1` id. Rows: version, type, whether it is in use, entity, indexed, unique.
    static let lockOne = SQLStatement(
        name: "custom.lock_one",
        text: """
            SELECT version::text, type, archived_at IS NULL, entity, indexed, is_unique
            FROM custom.field WHERE id = $1::uuid FOR UPDATE
            """)

    /// NULL leaves a value as it is.
    static let change = SQLStatement(
        name: "custom.change",
        text: """
            WITH made AS (
                UPDATE custom.field SET version = version + 1, updated_at = now(), updated_by = $2::uuid,
                    label = coalesce($3, label), required = coalesce($4::boolean, required),
                    options = CASE WHEN $5::jsonb IS NULL THEN options
                        ELSE ARRAY(SELECT jsonb_array_elements_text($5::jsonb)) END,
                    position = coalesce($6::int, position),
                    indexed = coalesce($7::boolean, indexed),
                    visible_to_roles = CASE WHEN $8::jsonb IS NULL THEN visible_to_roles
                        ELSE ARRAY(SELECT jsonb_array_elements_text($8::jsonb)) END,
                    index_state = CASE WHEN $7::boolean IS NULL OR $7::boolean = indexed THEN index_state
                        WHEN $7::boolean THEN 'building' END
                WHERE id = $1::uuid RETURNING \(shown)
            ) SELECT row_to_json(f)::text, f.version::text FROM made f
            """)

    static let archive = SQLStatement(
        name: "custom.archive",
        text: """
            WITH made AS (
                UPDATE custom.field SET version = version + 1, updated_at = now(), updated_by = $2::uuid,
                    archived_at = now()
                WHERE id = $1::uuid RETURNING \(shown)
            ) SELECT row_to_json(f)::text, f.version::text FROM made f
            """)

    /// Arrays in step: `$1` schemas, `$2` tables, `$3` ids, `$4` the fields' keys.
    static let expect = SQLStatement(
        name: "custom.expect",
        text: """
            SELECT custom.expect_record(e.in_schema, e.in_table, e.id, e.key)
            FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[]) AS e(in_schema, in_table, id, key)
            """, effect: .none)

    /// `$1` schema, `$2` table, `$3` ids of records whose rows the transaction holds, and writes: their effect covers
    /// this one.
    static let index = SQLStatement(
        name: "custom.index", text: "SELECT custom.index_records($1, $2, $3::uuid[])", effect: .none)
}
