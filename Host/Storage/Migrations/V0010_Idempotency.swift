extension Migration {
    /// What requests with an `Idempotency-Key` were answered with, committed with what they did.
    ///
    /// `claim` is a digest of route, path's id and key, `request` of method, path, body, precondition and person,
    /// `rights` of the roles that the answer was made for. `answer` is sealed; NULL when it was too large to keep.
    static let v0010Idempotency = Migration(
        id: 10, name: "Idempotency",
        statements: [
            "CREATE SCHEMA idempotency",
            "GRANT USAGE ON SCHEMA idempotency TO thorbis_app",
            """
            CREATE TABLE idempotency.answer (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                claim bytea NOT NULL CHECK (octet_length(claim) = 32),
                request bytea NOT NULL CHECK (octet_length(request) = 32),
                rights bytea NOT NULL CHECK (octet_length(rights) = 32),
                route text NOT NULL,
                status int NOT NULL CHECK (status BETWEEN 200 AND 599),
                answer bytea NULL,
                made_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz NOT NULL DEFAULT now() + interval '48 hours',
                PRIMARY KEY (business_id, claim)
            )
            """,
            "CREATE INDEX answer_expiry ON idempotency.answer (business_id, expires_at)",
        ] + RowSecurity.closed("idempotency.answer") + [
            "GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency.answer TO thorbis_app"
        ])
}
