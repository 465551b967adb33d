import HostModel

/// The SQL of a business's own words for statuses.
enum LabelStatements {
    private static let shown = """
        id, version, entity, status, name, colour, position, is_default, archived_at, created_at, updated_at
        """

    /// `$1` the entity or NULL, `$2` the status or NULL. Rows: `json`.
    static let list = SQLStatement(
        name: "label.list",
        text: """
            SELECT row_to_json(l)::text FROM (
                SELECT \(shown) FROM states.label
                WHERE ($1::text IS NULL OR entity = $1) AND ($2::text IS NULL OR status = $2)
                ORDER BY entity, status, position, name, id
            ) l
            """)

    /// Held until the transaction ends, so that two new labels can't both be the last one.
    static let lock = SQLStatement(
        name: "label.lock",
        text: "SELECT pg_advisory_xact_lock(hashtext('states.label'), hashtext(\(RowSecurity.currentBusiness)::text))")

    /// `$1` entity, `$2` status. Rows: all, and those in use.
    static let count = SQLStatement(
        name: "label.count",
        text: """
            SELECT count(*)::text, (count(*) FILTER (WHERE archived_at IS NULL))::text
            FROM states.label WHERE entity = $1 AND status = $2
            """)

    /// `$1` id, `$2` actor, `$3` entity, `$4` status, `$5` name, `$6` colour, `$7` position, `$8` is_default.
    static let add = SQLStatement(
        name: "label.add",
        text: """
            WITH made AS (
                INSERT INTO states.label (business_id, id, created_by, updated_by, entity, status, name, colour,
                    position, is_default)
                SELECT \(RowSecurity.currentBusiness), $1::uuid, $2::uuid, $2::uuid, $3, $4, $5, $6, $7::int,
                    $8::boolean
                RETURNING \(shown)
            ) SELECT row_to_json(l)::text, l.version::text FROM made l
            """)

    /// `$1` id. Rows: version, entity, status, whether it is archived.
    static let lockOne = SQLStatement(
        name: "label.lock_one",
        text: """
            SELECT version::text, entity, status, (archived_at IS NOT NULL)::text
            FROM states.label WHERE id = $1::uuid FOR UPDATE
            """)

    /// Takes being the default away from the one that is. `$1` entity, `$2` status, `$3` the one that becomes it, `$4`
    /// actor. Rows: its id.
    static let yield = SQLStatement(
        name: "label.yield",
        text: """
            UPDATE states.label SET is_default = false, version = version + 1, updated_at = now(), updated_by = $4::uuid
            WHERE entity = $1 AND status = $2 AND is_default AND id <> $3::uuid RETURNING id::text
            """)

    /// NULL leaves a value as it is. `$1` id, `$2` actor, `$3` name, `$4` colour, `$5` position, `$6` is_default.
    static let change = SQLStatement(
        name: "label.change",
        text: """
            WITH made AS (
                UPDATE states.label SET version = version + 1, updated_at = now(), updated_by = $2::uuid,
                    name = coalesce($3, name), colour = coalesce($4, colour), position = coalesce($5::int, position),
                    is_default = coalesce($6::boolean, is_default)
                WHERE id = $1::uuid RETURNING \(shown)
            ) SELECT row_to_json(l)::text, l.version::text FROM made l
            """)

    static let archive = SQLStatement(
        name: "label.archive",
        text: """
            WITH made AS (
                UPDATE states.label SET version = version + 1, updated_at = now(), updated_by = $2::uuid,
                    archived_at = now(), is_default = false
                WHERE id = $1::uuid RETURNING \(shown)
            ) SELECT row_to_json(l)::text, l.version::text FROM made l
            """)
}
