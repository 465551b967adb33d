extension Migration {
    /// The three questions that may be asked before the business is known.
    ///
    /// Each runs as `thorbis_gate`, which nobody can log in as, whose grants reach four tables, and whose search path
    /// is fixed. A fourth one needs the same reasoning and a change of the allow-list in `TenancyCatalogueTests`.
    static let v0007Gate = Migration(
        id: 7, name: "Gate",
        statements: [
            "GRANT CREATE ON SCHEMA auth TO thorbis_gate",
            "SET LOCAL ROLE NONE",
            loginMembership("GRANT", "TO"),
            "SET LOCAL ROLE thorbis_gate",
            """
            CREATE FUNCTION auth.sign_in_facts(wanted text)
            RETURNS TABLE (user_id uuid, password_hash text, businesses uuid[])
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                SELECT person.id, secret.password_hash, ARRAY(
                    SELECT held.business_id FROM users.membership AS held
                    WHERE held.user_id = person.id ORDER BY held.created_at, held.business_id)
                FROM users."user" AS person JOIN auth.credential AS secret ON secret.user_id = person.id
                WHERE person.email = wanted
            $$
            """,
            """
            CREATE FUNCTION auth.refresh_business(wanted bytea) RETURNS uuid
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                SELECT token.business_id FROM auth.refresh_token AS token WHERE token.digest = wanted LIMIT 1
            $$
            """,
            // Gives false when the e-mail is taken, and changes nothing then.
            """
            CREATE FUNCTION auth.enrol(new_id uuid, new_email text, new_name text, new_hash text) RETURNS boolean
            LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                WITH person AS (
                    INSERT INTO users."user" (id, email, name) VALUES (new_id, new_email, new_name)
                    ON CONFLICT (email) DO NOTHING RETURNING id
                ), secret AS (
                    INSERT INTO auth.credential (user_id, password_hash) SELECT id, new_hash FROM person
                )
                SELECT EXISTS (SELECT FROM person)
            $$
            """,
        ]
            + gateFunctions.flatMap { function in
                [
                    "REVOKE EXECUTE ON FUNCTION \(function) FROM PUBLIC",
                    "GRANT EXECUTE ON FUNCTION \(function) TO thorbis_app",
                ]
            } + [
                "SET LOCAL ROLE NONE",
                loginMembership("REVOKE", "FROM"),
                "SET LOCAL ROLE thorbis_owner",
                "REVOKE CREATE ON SCHEMA auth FROM thorbis_gate",
            ])

    /// Statements that make what the gate owns in the schema `auth`, by somebody who is a member for so long.
    static func asGate(_ statements: [String]) -> [String] {
        [
            "GRANT CREATE ON SCHEMA auth TO thorbis_gate",
            "SET LOCAL ROLE NONE",
            loginMembership("GRANT", "TO"),
            "SET LOCAL ROLE thorbis_gate",
        ] + statements + [
            "SET LOCAL ROLE NONE",
            loginMembership("REVOKE", "FROM"),
            "SET LOCAL ROLE thorbis_owner",
            "REVOKE CREATE ON SCHEMA auth FROM thorbis_gate",
        ]
    }

    /// Only a member can make what a role owns, and a member would see what the gate sees: so for this step only.
    static func loginMembership(_ verb: String, _ preposition: String) -> String {
        """
        DO $$ BEGIN
            IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
                EXECUTE pg_catalog.format('\(verb) thorbis_gate \(preposition) %I', current_user);
            END IF;
        END $$
        """
    }

    private static let gateFunctions = [
        "auth.sign_in_facts(text)", "auth.refresh_business(bytea)", "auth.enrol(uuid, text, text, text)",
    ]
}
