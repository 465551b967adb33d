extension Migration {
    /// How each record came to its status, and the tenant's own words for statuses.
    static let v0013States = Migration(
        id: 13, name: "States",
        statements: [
            "CREATE SCHEMA states",
            "GRANT USAGE ON SCHEMA states TO thorbis_app",
            label,
            // The words of one status are told apart by their names.
            """
            CREATE UNIQUE INDEX label_name ON states.label (business_id, entity, status, lower(name))
            WHERE archived_at IS NULL
            """,
            "CREATE UNIQUE INDEX label_default ON states.label (business_id, entity, status) WHERE is_default",
        ] + RowSecurity.closed("states.label") + [
            // What a label is of never changes: records point at it.
            "GRANT SELECT, INSERT ON states.label TO thorbis_app",
            """
            GRANT UPDATE (version, updated_at, updated_by, name, colour, position, is_default, archived_at)
            ON states.label TO thorbis_app
            """,
            history,
        ] + RowSecurity.closed("states.history") + [
            "GRANT SELECT, INSERT ON states.history TO thorbis_app",
            refuseChange,
            "REVOKE EXECUTE ON FUNCTION states.refuse_change() FROM PUBLIC",
            """
            CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON states.history
            FOR EACH STATEMENT EXECUTE FUNCTION states.refuse_change()
            """,
            expectHistory,
            "REVOKE EXECUTE ON FUNCTION states.expect_history() FROM PUBLIC",
        ])

    /// The third key lets a record point at a label together with its own status, so that both always agree.
    private static let label = """
        CREATE TABLE states.label (
            business_id uuid NOT NULL REFERENCES businesses.business (id),
            id uuid NOT NULL,
            version int NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            created_by uuid NOT NULL,
            updated_by uuid NOT NULL,
            entity text NOT NULL,
            status text NOT NULL,
            name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
            colour text NOT NULL CHECK (colour ~ '^#[0-9a-f]{6}$'),
            position int NOT NULL CHECK (position BETWEEN 0 AND 10000),
            is_default boolean NOT NULL DEFAULT false,
            archived_at timestamptz NULL,
            PRIMARY KEY (business_id, id),
            CONSTRAINT label_status_key UNIQUE (business_id, status, id),
            CONSTRAINT label_default_check CHECK (NOT is_default OR archived_at IS NULL)
        )
        """

    /// One row for each change of a status, and one for the status that a record starts in, which came from none.
    private static let history = """
        CREATE TABLE states.history (
            business_id uuid NOT NULL REFERENCES businesses.business (id),
            id uuid NOT NULL,
            entity text NOT NULL,
            record_id uuid NOT NULL,
            version int NOT NULL,
            from_status text NULL,
            to_status text NOT NULL,
            transition text NULL,
            reason text NULL,
            label_id uuid NULL,
            at timestamptz NOT NULL DEFAULT now(),
            actor_kind text NOT NULL,
            by uuid NOT NULL,
            PRIMARY KEY (business_id, id),
            CONSTRAINT history_record_key UNIQUE (business_id, entity, record_id, version),
            CONSTRAINT history_start_check CHECK ((from_status IS NULL) = (transition IS NULL)),
            FOREIGN KEY (business_id, to_status, label_id) REFERENCES states.label (business_id, status, id)
        )
        """

    private static let refuseChange = """
        CREATE FUNCTION states.refuse_change() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            RAISE EXCEPTION 'states.history only grows' USING ERRCODE = 'insufficient_privilege';
        END
        $$
        """

    /// Refuses a change of a status whose history isn't there at the end of its statement, or lacks its reason.
    ///
    /// Arguments: the entity, the status column, the ways that need no reason, those that need one; a way is
    /// `transition|from|to`, with commas between them.
    private static let expectHistory = """
        CREATE FUNCTION states.expect_history() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            way text := concat('|', to_jsonb(OLD) ->> TG_ARGV[1], '|', to_jsonb(NEW) ->> TG_ARGV[1]);
        BEGIN
            IF NOT EXISTS (
                SELECT FROM states.history AS h
                WHERE h.business_id = NEW.business_id AND h.entity = TG_ARGV[0] AND h.record_id = NEW.id
                    AND h.version = NEW.version AND concat('|', h.from_status, '|', h.to_status) = way
                    AND (h.transition || way = ANY (string_to_array(TG_ARGV[2], ','))
                        OR h.reason <> '' AND h.transition || way = ANY (string_to_array(TG_ARGV[3], ','))))
            THEN
                RAISE EXCEPTION 'a status changes together with its history, and with a reason where one is declared'
                    USING ERRCODE = 'TB004', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        END
        $$
        """
}
