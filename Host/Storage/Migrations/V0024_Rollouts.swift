extension Migration {
    /// Which version of a plugin all hosts are to serve, to whom, and what each host made of it.
    ///
    /// The operator's tables: no data of a business is in them, only ids of some. The host reads what is wanted and can
    /// take a candidate back; which version serves is nothing that it can write.
    static let v0024Rollouts = Migration(
        id: 24, name: "Rollouts",
        statements: [
            "GRANT USAGE ON SCHEMA thorbis TO thorbis_app",
            """
            CREATE TABLE thorbis.plugin_rollout (
                plugin text PRIMARY KEY,
                stable_version text NOT NULL,
                stable_digest text NOT NULL,
                candidate_version text NULL,
                candidate_digest text NULL,
                previous_version text NULL,
                previous_digest text NULL,
                percent int NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
                businesses uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(businesses) <= 1000),
                revision bigint NOT NULL DEFAULT 1,
                state text NOT NULL CHECK (state IN ('settled', 'rolling', 'rolled_back')),
                reason text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 2000),
                changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                CHECK ((candidate_version IS NULL) = (candidate_digest IS NULL)),
                CHECK ((previous_version IS NULL) = (previous_digest IS NULL)),
                CHECK (state <> 'rolling' OR candidate_version IS NOT NULL)
            )
            """,
            """
            CREATE TABLE thorbis.plugin_pin (
                business uuid NOT NULL,
                plugin text NOT NULL REFERENCES thorbis.plugin_rollout (plugin),
                version text NOT NULL,
                digest text NOT NULL,
                PRIMARY KEY (business, plugin)
            )
            """,
            """
            CREATE TABLE thorbis.host (
                id uuid PRIMARY KEY,
                node text NOT NULL CHECK (char_length(node) <= 200),
                pid int NOT NULL,
                started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
            )
            """,
            """
            CREATE TABLE thorbis.rollout_ack (
                host uuid NOT NULL REFERENCES thorbis.host (id) ON DELETE CASCADE,
                plugin text NOT NULL REFERENCES thorbis.plugin_rollout (plugin) ON DELETE CASCADE,
                revision bigint NOT NULL,
                outcome text NOT NULL CHECK (outcome IN ('serves', 'refused')),
                detail text NOT NULL DEFAULT '' CHECK (char_length(detail) <= 2000),
                seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (host, plugin)
            )
            """,
            """
            CREATE TABLE thorbis.rollout_figures (
                host uuid NOT NULL REFERENCES thorbis.host (id) ON DELETE CASCADE,
                plugin text NOT NULL REFERENCES thorbis.plugin_rollout (plugin) ON DELETE CASCADE,
                revision bigint NOT NULL,
                digest text NOT NULL,
                calls bigint NOT NULL CHECK (calls >= 0),
                faults bigint NOT NULL CHECK (faults >= 0),
                buckets bigint[] NOT NULL CHECK (cardinality(buckets) <= 200),
                crashes int NOT NULL CHECK (crashes >= 0),
                seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (host, plugin, digest)
            )
            """,
        ] + following + [
            "GRANT SELECT ON thorbis.plugin_rollout, thorbis.plugin_pin TO thorbis_app",
            "GRANT UPDATE (state, reason) ON thorbis.plugin_rollout TO thorbis_app",
            // The one change that a host can make: away from a candidate.
            "ALTER TABLE thorbis.plugin_rollout ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY seen ON thorbis.plugin_rollout FOR SELECT TO thorbis_app USING (true)",
            "CREATE POLICY taken_back ON thorbis.plugin_rollout FOR UPDATE TO thorbis_app "
                + "USING (state = 'rolling') WITH CHECK (state = 'rolled_back')",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON thorbis.host, thorbis.rollout_ack, thorbis.rollout_figures "
                + "TO thorbis_app",
        ])

    /// Whoever changes a row, by whatever means: the revision counts it, and every host hears of it.
    private static let following = [
        """
        CREATE FUNCTION thorbis.note_rollout() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            PERFORM pg_notify('thorbis_rollout', '');
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF TG_OP = 'UPDATE' THEN
                NEW.revision := OLD.revision + 1;
                NEW.changed_at := clock_timestamp();
            END IF;
            RETURN NEW;
        END
        $$
        """,
        """
        CREATE FUNCTION thorbis.note_pin() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            UPDATE thorbis.plugin_rollout SET reason = reason WHERE plugin IN (OLD.plugin, NEW.plugin);
            RETURN NULL;
        END
        $$
        """,
        "REVOKE EXECUTE ON FUNCTION thorbis.note_rollout() FROM PUBLIC",
        "REVOKE EXECUTE ON FUNCTION thorbis.note_pin() FROM PUBLIC",
        "CREATE TRIGGER note BEFORE INSERT OR UPDATE OR DELETE ON thorbis.plugin_rollout "
            + "FOR EACH ROW EXECUTE FUNCTION thorbis.note_rollout()",
        "CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON thorbis.plugin_pin "
            + "FOR EACH ROW EXECUTE FUNCTION thorbis.note_pin()",
    ]
}
