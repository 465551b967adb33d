import HostModel

/// The roles of a database, and what is there before the first migration. Every statement may run again and again.
///
/// - `thorbis_owner` owns the tables and is used by migrations and the operator's commands only.
/// - `thorbis_app` is what the host logs in as: no owner, no superuser, no CREATE, no TEMP.
/// - `thorbis_gate` owns the few functions that look before a business is known; nobody logs in as it.
/// - `thorbis_restore` brings a business in from a bundle; nobody logs in as it.
/// - `thorbis_check` runs invariants: it reads, and can't say for which business; nobody logs in as it.
enum PlatformRoles {
    /// Who brings a business's rows in from a bundle: may insert, for the time of that transaction, and nothing else.
    static let restore = "thorbis_restore"

    static let actAsOwner = SQLCommand(SQLStatement(name: nil, text: "SET LOCAL ROLE thorbis_owner"), [])

    static let statements: [String] = [
        role("thorbis_owner", "NOLOGIN"), role("thorbis_app", "LOGIN"), role("thorbis_gate", "NOLOGIN"),
        role(restore, "NOLOGIN"), role("thorbis_check", "NOLOGIN"), membership("thorbis_owner"), membership(restore),
        membership("thorbis_check"), checking, settings, database,
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "CREATE SCHEMA IF NOT EXISTS thorbis AUTHORIZATION thorbis_owner",
        // Trusted, so the owner of the database may; exclusion constraints compare ids through it.
        "CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA thorbis",
        "SET LOCAL ROLE thorbis_owner",
        """
        CREATE TABLE IF NOT EXISTS thorbis.migration (
            id int PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS thorbis.plugin_schema (
            plugin text PRIMARY KEY,
            version text NOT NULL,
            manifest_digest text NOT NULL,
            ddl_checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """,
    ]

    /// Roles belong to the whole cluster, so another database's migration may be making the same one now.
    private static func role(_ name: String, _ login: String) -> String {
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '\(name)') THEN
                CREATE ROLE \(name) \(login) NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    }

    /// A login that is no superuser must be a member of the role that it acts as.
    private static func membership(_ role: String) -> String {
        """
        DO $$ BEGIN
            IF NOT pg_catalog.pg_has_role(current_user, '\(role)', 'MEMBER') THEN
                EXECUTE pg_catalog.format('GRANT \(role) TO %I', current_user);
            END IF;
        END $$
        """
    }

    /// The host runs invariants after an import, with fewer rights than it has: it doesn't inherit what the role may.
    ///
    /// Another database's migration may be granting the same now.
    private static let checking = """
        DO $$ BEGIN
            IF NOT pg_catalog.pg_has_role('thorbis_app', 'thorbis_check', 'MEMBER') THEN
                GRANT thorbis_check TO thorbis_app;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """

    /// Who may say for which business a transaction is: those who must, and nobody else.
    ///
    /// Only a superuser can take a right on a function of PostgreSQL from everybody; without it invariants don't run.
    private static let settings = """
        DO $$ BEGIN
            IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
                AND has_function_privilege('public', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE') THEN
                GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO
                    thorbis_app, thorbis_owner, thorbis_restore;
                REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
            END IF;
        END $$
        """

    private static let database = """
        DO $$ BEGIN
            EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
            EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO thorbis_app', pg_catalog.current_database());
            EXECUTE pg_catalog.format('GRANT CREATE ON DATABASE %I TO thorbis_owner', pg_catalog.current_database());
        END $$
        """
}
