extension Migration {
    /// Says on ``Revocations/channel`` whose rights changed, whoever changed them.
    ///
    /// The host says it itself when it is the one. An operator who suspends a business or takes a role away in `psql`
    /// must not have to know about the hosts' caches: the change is there on every host when it is committed.
    static let v0008Announcements = Migration(
        id: 8, name: "Announcements",
        statements: announcement(
            "businesses.business", "UPDATE OF status, tier",
            "(OLD.status, OLD.tier) IS DISTINCT FROM (NEW.status, NEW.tier)",
            "'business:' || OLD.id")
            + announcement(
                "users.membership", "UPDATE OF roles", "OLD.roles IS DISTINCT FROM NEW.roles",
                "'user:' || OLD.user_id")
            + announcement(
                "auth.session", "UPDATE OF revoked_at", "OLD.revoked_at IS DISTINCT FROM NEW.revoked_at",
                "'session:' || OLD.id"))

    /// A function beside the table and the trigger that calls it; PostgreSQL sends a message said twice once.
    private static func announcement(
        _ table: String, _ event: String, _ condition: String, _ message: String
    ) -> [String] {
        [
            """
            CREATE FUNCTION \(table)_announce() RETURNS trigger
            LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                PERFORM pg_notify('thorbis_revoked', \(message));
                RETURN NULL;
            END $$
            """,
            "REVOKE EXECUTE ON FUNCTION \(table)_announce() FROM PUBLIC",
            """
            CREATE TRIGGER announce AFTER \(event) ON \(table)
            FOR EACH ROW WHEN (\(condition)) EXECUTE FUNCTION \(table)_announce()
            """,
        ]
    }
}
