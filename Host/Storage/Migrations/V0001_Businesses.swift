extension Migration {
    /// The tenants, and their gap-free number series.
    static let v0001Businesses = Migration(
        id: 1, name: "Businesses",
        statements: [
            "CREATE SCHEMA businesses",
            "GRANT USAGE ON SCHEMA businesses TO thorbis_app",
            """
            CREATE TABLE businesses.business (
                id uuid PRIMARY KEY,
                name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
                industry text NOT NULL CHECK (industry ~ '^[a-z][a-z0-9]{1,15}$'),
                currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
                time_zone text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 100),
                country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
                tier text NOT NULL DEFAULT 'starter'
                    CHECK (tier IN ('starter', 'professional', 'enterprise', 'fortune500')),
                status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
                created_at timestamptz NOT NULL DEFAULT now()
            )
            """,
            """
            CREATE TABLE businesses.series (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 100),
                prefix text NOT NULL CHECK (char_length(prefix) <= 16),
                next bigint NOT NULL DEFAULT 1 CHECK (next >= 1),
                PRIMARY KEY (business_id, key)
            )
            """,
        ] + RowSecurity.closed("businesses.business", by: "id") + RowSecurity.closed("businesses.series") + [
            // Tier and status are the operator's to change, so the running host may only read and sign up.
            "GRANT SELECT, INSERT ON businesses.business TO thorbis_app",
            "GRANT SELECT, INSERT, UPDATE (next) ON businesses.series TO thorbis_app",
        ])
}
