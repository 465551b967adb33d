extension Migration {
    /// Who did what, when, to which record: it only grows.
    static let v0004Audit = Migration(
        id: 4, name: "Audit",
        statements: [
            "CREATE SCHEMA audit",
            "GRANT USAGE ON SCHEMA audit TO thorbis_app",
            """
            CREATE TABLE audit.entry (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                id uuid NOT NULL,
                position bigint GENERATED ALWAYS AS IDENTITY,
                occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                request_id uuid NULL,
                actor_kind text NOT NULL,
                actor_id uuid NOT NULL,
                action text NOT NULL,
                entity text NOT NULL,
                record_id uuid NOT NULL,
                changes jsonb NOT NULL DEFAULT '{}',
                reason text NULL,
                PRIMARY KEY (business_id, id)
            )
            """,
            "CREATE INDEX entry_position ON audit.entry (business_id, position)",
            "CREATE INDEX entry_record ON audit.entry (business_id, record_id, position)",
        ] + RowSecurity.closed("audit.entry") + [
            "GRANT SELECT, INSERT ON audit.entry TO thorbis_app",
            """
            CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                RAISE EXCEPTION 'audit.entry only grows' USING ERRCODE = 'insufficient_privilege';
            END
            $$
            """,
            "REVOKE EXECUTE ON FUNCTION audit.refuse_change() FROM PUBLIC",
            // Holds for the owner too, whom grants don't bind.
            """
            CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
            FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()
            """,
        ])
}
