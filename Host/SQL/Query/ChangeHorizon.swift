import HostModel

/// The time before which every change is there to be read, so that a client that pages by time loses none.
///
/// A record's `updated_at` is the start of the transaction that changed it, and it shows when that commits: rows appear
/// behind the latest ones. The horizon is the start of the oldest transaction that still runs; what starts later has a
/// later time. It sees the transactions of its own role, which all writes of businesses run as. The second that is
/// taken off is for a transaction that has its time and isn't listed yet.
enum ChangeHorizon {
    static let text =
        "(SELECT least(now(), min(a.xact_start)) - interval '1 second' FROM pg_catalog.pg_stat_activity a "
        + "WHERE a.datname = current_database() AND a.pid <> pg_backend_pid())"

    /// Row: the horizon as RFC 3339 in UTC.
    static let statement = SQLStatement(
        name: "list.horizon",
        text: "SELECT to_char(\(text) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
}
