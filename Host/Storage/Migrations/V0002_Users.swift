extension Migration {
    /// The people, who may belong to several businesses, and their roles in each.
    static let v0002Users = Migration(
        id: 2, name: "Users",
        statements: [
            "CREATE SCHEMA users",
            "GRANT USAGE ON SCHEMA users TO thorbis_app, thorbis_gate",
            // The e-mail is unique over all businesses: it is what a person signs in with before one is known.
            """
            CREATE TABLE users."user" (
                id uuid PRIMARY KEY,
                email text NOT NULL UNIQUE
                    CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254 AND email LIKE '_%@_%'),
                name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
                created_at timestamptz NOT NULL DEFAULT now()
            )
            """,
            """
            CREATE TABLE users.membership (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                user_id uuid NOT NULL REFERENCES users."user" (id),
                roles text[] NOT NULL CHECK (cardinality(roles) BETWEEN 1 AND 20),
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (business_id, user_id)
            )
            """,
            "CREATE INDEX membership_user ON users.membership (user_id)",
        ] + RowSecurity.gated("users.membership") + RowSecurity.identity(#"users."user""#) + [
            // A person is seen in the businesses that they belong to.
            """
            CREATE POLICY member ON users."user" FOR SELECT TO thorbis_app, thorbis_owner
            USING (EXISTS (
                SELECT FROM users.membership AS held
                WHERE held.user_id = "user".id AND held.business_id = \(RowSecurity.currentBusiness)))
            """,
            #"GRANT SELECT ON users."user" TO thorbis_app"#,
            "GRANT SELECT, INSERT ON users.membership TO thorbis_app",
            #"GRANT SELECT, INSERT ON users."user" TO thorbis_gate"#,
            "GRANT SELECT ON users.membership TO thorbis_gate",
        ])
}
