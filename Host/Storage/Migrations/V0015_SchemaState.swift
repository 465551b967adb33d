extension Migration {
    /// What the plugins' schemas are made of, how far a change of one has come, and what invariants found.
    static let v0015SchemaState = Migration(
        id: 15, name: "SchemaState",
        statements: [
            // The canonical text of a model: jsonb would order its members anew.
            "ALTER TABLE thorbis.plugin_schema ADD COLUMN model text NULL",
            """
            CREATE TABLE thorbis.migration_step (
                plugin text NOT NULL,
                step text NOT NULL,
                phase text NOT NULL CHECK (phase IN ('expand', 'backfill', 'contract')),
                summary text NOT NULL,
                state text NOT NULL CHECK (state IN ('running', 'done')),
                position text NULL,
                started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                finished_at timestamptz NULL,
                PRIMARY KEY (plugin, step)
            )
            """,
        ] + census + results)

    /// The owner pages through the businesses' ids, to work on one after the other.
    ///
    /// Row-level security hides the businesses from the owner too, and a restrictive policy for everybody would hide
    /// them from the gate: so, as for the tables that the gate reads, both policies name the roles that they hold for.
    private static let census =
        [
            "DROP POLICY tenant ON businesses.business", "DROP POLICY tenant_floor ON businesses.business",
            "CREATE POLICY tenant ON businesses.business AS PERMISSIVE TO thorbis_app, thorbis_owner "
                + "USING (\(ownBusiness)) WITH CHECK (\(ownBusiness))",
            "CREATE POLICY tenant_floor ON businesses.business AS RESTRICTIVE TO thorbis_app, thorbis_owner "
                + "USING (\(ownBusiness)) WITH CHECK (\(ownBusiness))",
            "CREATE POLICY gate ON businesses.business AS PERMISSIVE FOR SELECT TO thorbis_gate USING (true)",
            "GRANT SELECT (id) ON businesses.business TO thorbis_gate",
            "GRANT USAGE, CREATE ON SCHEMA businesses TO thorbis_gate",
            "SET LOCAL ROLE NONE", loginMembership("GRANT", "TO"), "SET LOCAL ROLE thorbis_gate",
            """
            CREATE FUNCTION businesses.ids_after(last uuid, size int) RETURNS SETOF uuid
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                SELECT business.id FROM businesses.business WHERE business.id > last ORDER BY business.id LIMIT size
            $$
            """,
            "REVOKE EXECUTE ON FUNCTION businesses.ids_after(uuid, int) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION businesses.ids_after(uuid, int) TO thorbis_owner",
            "SET LOCAL ROLE NONE", loginMembership("REVOKE", "FROM"), "SET LOCAL ROLE thorbis_owner",
            "REVOKE CREATE ON SCHEMA businesses FROM thorbis_gate",
        ]

    private static let ownBusiness = "id = \(RowSecurity.currentBusiness)"

    /// The last result of each invariant for each business.
    private static let results =
        [
            "CREATE SCHEMA invariants",
            "GRANT USAGE ON SCHEMA invariants TO thorbis_app",
            """
            CREATE TABLE invariants.result (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                plugin text NOT NULL,
                invariant text NOT NULL,
                title text NOT NULL,
                checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                rows int NULL CHECK (rows >= 0),
                samples jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_array_length(samples) <= 20),
                duration_ms int NOT NULL CHECK (duration_ms >= 0),
                failure text NULL,
                PRIMARY KEY (business_id, plugin, invariant)
            )
            """,
        ] + RowSecurity.closed("invariants.result") + ["GRANT SELECT ON invariants.result TO thorbis_app"]
}
