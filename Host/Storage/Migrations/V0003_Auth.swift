extension Migration {
    /// Passwords, sign-ins and refresh tokens. Secrets are here only as hashes.
    static let v0003Auth = Migration(
        id: 3, name: "Auth",
        statements: [
            "CREATE SCHEMA auth",
            "GRANT USAGE ON SCHEMA auth TO thorbis_app, thorbis_gate",
            """
            CREATE TABLE auth.credential (
                user_id uuid PRIMARY KEY REFERENCES users."user" (id),
                password_hash text NOT NULL,
                changed_at timestamptz NOT NULL DEFAULT now()
            )
            """,
            """
            CREATE TABLE auth.session (
                business_id uuid NOT NULL,
                id uuid NOT NULL,
                user_id uuid NOT NULL,
                created_at timestamptz NOT NULL,
                expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
                revoked_at timestamptz NULL,
                revoked_reason text NULL,
                PRIMARY KEY (business_id, id),
                FOREIGN KEY (business_id, user_id) REFERENCES users.membership (business_id, user_id),
                CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
            )
            """,
            "CREATE INDEX session_holder ON auth.session (business_id, user_id)",
            """
            CREATE TABLE auth.refresh_token (
                business_id uuid NOT NULL,
                digest bytea NOT NULL CHECK (octet_length(digest) = 32),
                session_id uuid NOT NULL,
                issued_at timestamptz NOT NULL,
                expires_at timestamptz NOT NULL,
                used_at timestamptz NULL,
                PRIMARY KEY (business_id, digest),
                FOREIGN KEY (business_id, session_id) REFERENCES auth.session (business_id, id)
            )
            """,
            "CREATE INDEX refresh_token_session ON auth.refresh_token (business_id, session_id)",
            // For the gate, which has only the digest; not unique, so that it tells nobody anything.
            "CREATE INDEX refresh_token_digest ON auth.refresh_token (digest)",
        ] + RowSecurity.identity("auth.credential") + RowSecurity.closed("auth.session")
            + RowSecurity.gated("auth.refresh_token") + [
                "GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_reason) ON auth.session TO thorbis_app",
                "GRANT SELECT, INSERT, UPDATE (used_at) ON auth.refresh_token TO thorbis_app",
                "GRANT SELECT, INSERT ON auth.credential TO thorbis_gate",
                "GRANT SELECT (business_id, digest) ON auth.refresh_token TO thorbis_gate",
            ])
}
