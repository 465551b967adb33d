extension Migration {
    /// What a business used in a month, for the limits of its tier.
    static let v0006Billing = Migration(
        id: 6, name: "Billing",
        statements: [
            "CREATE SCHEMA billing",
            "GRANT USAGE ON SCHEMA billing TO thorbis_app",
            """
            CREATE TABLE billing.usage (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                month date NOT NULL CHECK (extract(day FROM month) = 1),
                metric text NOT NULL CHECK (char_length(metric) BETWEEN 1 AND 64),
                used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
                PRIMARY KEY (business_id, month, metric)
            )
            """,
        ] + RowSecurity.closed("billing.usage") + [
            "GRANT SELECT, INSERT, UPDATE (used) ON billing.usage TO thorbis_app"
        ])
}
