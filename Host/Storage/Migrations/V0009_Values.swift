extension Migration {
    /// What the columns of records need beyond PostgreSQL's own types, and the businesses' keys for sensitive values.
    static let v0009Values = Migration(
        id: 9, name: "Values",
        statements: [
            // Secondary differences (accents) count, tertiary ones (case) don't. For the columns of texts that are
            // caseless; comparisons stay the leakproof ones of text, which row-level security lets use an index.
            """
            CREATE COLLATION thorbis.caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)
            """,
            // A CHECK can't look into an array by itself.
            """
            CREATE FUNCTION thorbis.longest(texts text[]) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
            SET search_path = pg_catalog, pg_temp AS $$
                SELECT coalesce(max(char_length(t)), 0) FROM unnest(texts) t
            $$
            """,
            "REVOKE EXECUTE ON FUNCTION thorbis.longest(text[]) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION thorbis.longest(text[]) TO thorbis_app",
            // The wrapped keys tell nothing without the installation's master key, which is never in the database.
            """
            CREATE TABLE businesses.data_key (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                id int NOT NULL CHECK (id >= 1),
                master_key int NOT NULL CHECK (master_key >= 1),
                wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 60),
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (business_id, id)
            )
            """,
        ] + RowSecurity.rewrapped("businesses.data_key") + [
            "GRANT SELECT, INSERT ON businesses.data_key TO thorbis_app"
        ])
}
