extension Migration {
    /// The fields that businesses add to entities; their values are in the records' `custom`.
    static let v0017CustomFields = Migration(
        id: 17, name: "CustomFields",
        statements: [
            "CREATE SCHEMA custom",
            "GRANT USAGE ON SCHEMA custom TO thorbis_app",
            field,
        ] + RowSecurity.closed("custom.field") + [
            // Key, entity, type and target never change: values in records were checked by them.
            "GRANT SELECT, INSERT ON custom.field TO thorbis_app",
            """
            GRANT UPDATE (version, updated_at, updated_by, label, required, options, position, archived_at)
            ON custom.field TO thorbis_app
            """,
            """
            CREATE FUNCTION custom.announce() RETURNS trigger
            LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                PERFORM pg_notify('thorbis_revoked', 'custom:' || NEW.business_id);
                RETURN NULL;
            END $$
            """,
            "REVOKE EXECUTE ON FUNCTION custom.announce() FROM PUBLIC",
            """
            CREATE TRIGGER announce AFTER INSERT OR UPDATE ON custom.field
            FOR EACH ROW EXECUTE FUNCTION custom.announce()
            """,
            expectRecord,
            "REVOKE EXECUTE ON FUNCTION custom.expect_record(text, text, uuid, text) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION custom.expect_record(text, text, uuid, text) TO thorbis_app",
        ])

    private static let field = """
        CREATE TABLE custom.field (
            business_id uuid NOT NULL REFERENCES businesses.business (id),
            id uuid NOT NULL,
            version int NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            created_by uuid NOT NULL,
            updated_by uuid NOT NULL,
            entity text NOT NULL,
            key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
            label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 100),
            type text NOT NULL CHECK (
                type IN ('text', 'int', 'money', 'bool', 'date', 'datetime', 'enum', 'multi_enum', 'ref')),
            required boolean NOT NULL DEFAULT false,
            options text[] NOT NULL DEFAULT '{}' CHECK (cardinality(options) <= 200),
            target text NULL,
            position int NOT NULL DEFAULT 0 CHECK (position BETWEEN 0 AND 10000),
            archived_at timestamptz NULL,
            PRIMARY KEY (business_id, id),
            CONSTRAINT field_entity_key_key UNIQUE (business_id, entity, key),
            CONSTRAINT field_target_check CHECK ((type = 'ref') = (target IS NOT NULL)),
            CONSTRAINT field_options_type_check CHECK ((type IN ('enum', 'multi_enum')) = (cardinality(options) > 0))
        )
        """

    /// Ends the transaction when the record that a custom field names isn't the business's.
    private static let expectRecord = """
        CREATE FUNCTION custom.expect_record(in_schema text, in_table text, wanted uuid, key text) RETURNS void
        LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            is_there boolean;
        BEGIN
            EXECUTE format(
                'SELECT true FROM %I.%I WHERE business_id = $1 AND id = $2', in_schema, in_table)
            INTO is_there USING current_setting('thorbis.business_id')::uuid, wanted;
            IF is_there IS NULL THEN
                RAISE EXCEPTION 'no such record' USING ERRCODE = 'TB006', CONSTRAINT = key;
            END IF;
        END
        $$
        """
}
