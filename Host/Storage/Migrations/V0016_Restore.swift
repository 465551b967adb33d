extension Migration {
    /// What bringing a business into an installation needs: accounts for its members, and passwords for accounts.
    ///
    /// Two more functions of the gate, since nobody else sees accounts before they belong to a business. The host that
    /// serves requests may call neither.
    static let v0016Restore = Migration(
        id: 16, name: "Restore",
        statements: [
            "GRANT USAGE ON SCHEMA auth TO thorbis_restore",
            "GRANT UPDATE ON auth.credential TO thorbis_gate",
            // Checks of tables call it as whoever writes.
            "GRANT EXECUTE ON FUNCTION thorbis.longest(text[]) TO thorbis_restore",
        ]
            + asGate([
                // The account of an e-mail address, made when there is none; without a password.
                """
                CREATE FUNCTION auth.invite(new_id uuid, new_email text, new_name text) RETURNS uuid
                LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                    WITH person AS (
                        INSERT INTO users."user" (id, email, name) VALUES (new_id, new_email, new_name)
                        ON CONFLICT (email) DO NOTHING RETURNING id
                    )
                    SELECT id FROM person UNION ALL
                    SELECT known.id FROM users."user" AS known WHERE known.email = new_email LIMIT 1
                $$
                """,
                """
                CREATE FUNCTION auth.set_password(wanted text, new_hash text) RETURNS uuid
                LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                    INSERT INTO auth.credential AS held (user_id, password_hash)
                    SELECT person.id, new_hash FROM users."user" AS person WHERE person.email = wanted
                    ON CONFLICT (user_id) DO UPDATE SET password_hash = new_hash, changed_at = now()
                    RETURNING held.user_id
                $$
                """,
                "REVOKE EXECUTE ON FUNCTION auth.invite(uuid, text, text) FROM PUBLIC",
                "REVOKE EXECUTE ON FUNCTION auth.set_password(text, text) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION auth.invite(uuid, text, text) TO thorbis_restore",
                "GRANT EXECUTE ON FUNCTION auth.set_password(text, text) TO thorbis_owner",
            ]))
}
