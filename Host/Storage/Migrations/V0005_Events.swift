extension Migration {
    /// Published events, committed with what they tell of.
    static let v0005Events = Migration(
        id: 5, name: "Events",
        statements: [
            "CREATE SCHEMA events",
            "GRANT USAGE ON SCHEMA events TO thorbis_app",
            """
            CREATE TABLE events.outbox (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                id uuid NOT NULL,
                position bigint GENERATED ALWAYS AS IDENTITY,
                occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                type text NOT NULL,
                entity text NOT NULL,
                record_id uuid NOT NULL,
                version int NOT NULL,
                payload jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (business_id, id)
            )
            """,
            "CREATE INDEX outbox_position ON events.outbox (business_id, position)",
        ] + RowSecurity.closed("events.outbox") + [
            "GRANT SELECT, INSERT ON events.outbox TO thorbis_app"
        ])
}
