extension Migration {
    /// The values by which records are found by fields that businesses added.
    ///
    /// One table for all of them, and no index on a plugin's table. PostgreSQL uses an index below row-level security
    /// for leakproof expressions only, which no function of `jsonb` is: an index on `custom ->> 'key'` is never read
    /// by `thorbis_app`. And a thousand partial indexes on one table made its inserts 190 times slower.
    static let v0021CustomIndexes = Migration(
        id: 21, name: "CustomIndexes",
        statements: [
            """
            ALTER TABLE custom.field
                ADD COLUMN indexed boolean NOT NULL DEFAULT false,
                ADD COLUMN is_unique boolean NOT NULL DEFAULT false,
                ADD COLUMN index_state text NULL,
                ADD CONSTRAINT field_index_state_check CHECK (index_state IN ('building', 'ready', 'failed')),
                ADD CONSTRAINT field_unique_check CHECK (indexed OR NOT is_unique)
            """,
            "GRANT UPDATE (indexed, index_state) ON custom.field TO thorbis_app",
            """
            CREATE TABLE custom.value (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                field_id uuid NOT NULL,
                record_id uuid NOT NULL,
                is_unique boolean NOT NULL,
                value text COLLATE "C" NOT NULL CHECK (char_length(value) <= 500),
                PRIMARY KEY (business_id, field_id, record_id),
                CONSTRAINT value_field_fkey FOREIGN KEY (business_id, field_id)
                    REFERENCES custom.field (business_id, id)
            )
            """,
            "CREATE INDEX value_search ON custom.value (business_id, field_id, value, record_id)",
            "CREATE UNIQUE INDEX value_unique ON custom.value (business_id, field_id, value) WHERE is_unique",
        ] + RowSecurity.closed("custom.value") + [
            "GRANT SELECT, INSERT, DELETE ON custom.value TO thorbis_app",
            indexed, indexRecords,
            "REVOKE EXECUTE ON FUNCTION custom.indexed(jsonb, text) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION custom.indexed(jsonb, text) TO thorbis_app",
            "REVOKE EXECUTE ON FUNCTION custom.index_records(text, text, uuid[]) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION custom.index_records(text, text, uuid[]) TO thorbis_app",
        ])

    /// A value as text whose order in bytes is its own; NULL for none, and for one that doesn't fit the type.
    private static let indexed = """
        CREATE FUNCTION custom.indexed(value jsonb, type text) RETURNS text
        LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
            SELECT CASE
                WHEN value IS NULL OR jsonb_typeof(value) = 'null' THEN NULL
                WHEN type NOT IN ('int', 'money') THEN left(value #>> '{}', 500)
                WHEN jsonb_typeof(value) <> 'number' THEN NULL
                WHEN abs((value #>> '{}')::numeric) <= 9007199254740992
                    AND trunc((value #>> '{}')::numeric) = (value #>> '{}')::numeric
                THEN lpad(((value #>> '{}')::numeric + 9007199254740992)::bigint::text, 17, '0')
            END
        $$
        """

    /// Puts the values of records, as they are now, in the place of those that are there. The caller holds the records'
    /// rows, so that nobody else does the same at once.
    private static let indexRecords = """
        CREATE FUNCTION custom.index_records(in_schema text, in_table text, records uuid[]) RETURNS void
        LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            business uuid := current_setting('thorbis.business_id')::uuid;
            field record;
        BEGIN
            FOR field IN SELECT f.id, f.key, f.type, f.is_unique FROM custom.field f
                WHERE f.business_id = business AND f.entity = in_schema || '.' || in_table
                    AND f.indexed AND f.archived_at IS NULL AND f.index_state <> 'failed'
            LOOP
                DELETE FROM custom.value v
                WHERE v.business_id = business AND v.field_id = field.id AND v.record_id = ANY (records);
                BEGIN
                    EXECUTE format(
                        'INSERT INTO custom.value (business_id, field_id, record_id, is_unique, value) '
                        'SELECT t.business_id, $1, t.id, $2, custom.indexed(t.custom -> $3, $4) FROM %I.%I t '
                        'WHERE t.business_id = $5 AND t.id = ANY ($6) '
                        'AND custom.indexed(t.custom -> $3, $4) IS NOT NULL',
                        in_schema, in_table)
                    USING field.id, field.is_unique, field.key, field.type, business, records;
                EXCEPTION WHEN unique_violation THEN
                    RAISE EXCEPTION 'the value is taken' USING ERRCODE = 'TB017', CONSTRAINT = field.key;
                END;
            END LOOP;
        END
        $$
        """
}
