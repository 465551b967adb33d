import HostModel

/// The SQL of import jobs.
enum ImportSQL {
    private static func statement(_ name: String, _ text: String) -> SQLStatement {
        SQLStatement(name: "import.\(name)", text: text)
    }

    private static let business = RowSecurity.currentBusiness

    /// What the API shows of a job.
    private static let shown = """
        id, entity, format, delimiter, mode, key, dry_run, on_error, file_name, mapping, status, failure, bytes_total,
        bytes_received, bytes_done, rows_total, rows_done, rows_created, rows_updated, rows_unchanged, rows_failed,
        faults_kept, invariants, has_file, created_by, created_at, started_by, started_at, finished_at
        """

    static let insert = statement(
        "insert",
        """
        INSERT INTO imports.job
            (business_id, id, entity, format, delimiter, mode, key, dry_run, on_error, file_name, mapping, bytes_total,
            created_by)
        VALUES (\(business), $1::uuid, $2, $3, $4, $5, $6, $7::boolean, $8, $9, $10::jsonb, $11::bigint, $12::uuid)
        """)

    /// Row: the job's JSON, its entity.
    static let read = statement(
        "read",
        "SELECT row_to_json(j)::text, j.entity FROM (SELECT \(shown) FROM imports.job WHERE id = $1::uuid) j")

    /// Newest first. Rows: JSON, id.
    static let list = statement(
        "list",
        """
        SELECT row_to_json(j)::text, j.id::text FROM (
            SELECT \(shown) FROM imports.job
            WHERE entity = ANY($1::text[]) AND ($2::uuid IS NULL OR id < $2::uuid) ORDER BY id DESC LIMIT $3::int) j
        """)

    /// Row: status, bytes received, declared size, dry run.
    static let lock = statement(
        "lock",
        """
        SELECT status, bytes_received::text, bytes_total::text, dry_run::text FROM imports.job
        WHERE id = $1::uuid FOR UPDATE
        """)

    static let addPiece = statement(
        "add_piece",
        """
        INSERT INTO imports.chunk (business_id, job_id, start, data, key_id)
        VALUES (\(business), $1::uuid, $2::bigint, $3::bytea, $4::int)
        """
    )

    static let received = statement(
        "received", "UPDATE imports.job SET bytes_received = $2::bigint WHERE id = $1::uuid")

    /// Begins anew, also after a dry run.
    static let start = statement(
        "start",
        """
        UPDATE imports.job SET status = 'ready', dry_run = $3::boolean, started_by = $2::uuid, started_at = now(),
            queued_at = now(), finished_at = NULL, failure = NULL, checkpoint = NULL, attempts = 0, lease_token = NULL,
            lease_until = NULL, bytes_done = 0, rows_total = NULL, rows_done = 0, rows_created = 0, rows_updated = 0,
            rows_unchanged = 0, rows_failed = 0, faults_kept = 0, invariants = NULL
        WHERE id = $1::uuid
        """)

    static let forgetFaults = statement("forget_faults", "DELETE FROM imports.fault WHERE job_id = $1::uuid")

    static let cancel = statement(
        "cancel",
        "UPDATE imports.job SET status = 'cancelled', finished_at = now(), lease_token = NULL WHERE id = $1::uuid")

    /// Rows: JSON, row, place.
    static let faults = statement(
        "faults",
        """
        SELECT json_build_object('row', f.row_no, 'line', f.line, 'column', f.source_column, 'path', f.path,
            'code', f.code, 'detail', f.detail)::text, f.row_no::text, f.place::text
        FROM imports.fault f WHERE f.job_id = $1::uuid AND (f.row_no, f.place) > ($2::bigint, $3::int)
        ORDER BY f.row_no, f.place LIMIT $4::int
        """)

    /// The rows that have faults, with what is wrong in one text. Rows: row, start, end, message.
    static let badRows = statement(
        "bad_rows",
        """
        SELECT f.row_no::text, min(f.starts_at)::text, max(f.ends_at)::text,
            string_agg(coalesce(f.source_column || ': ', '') || f.detail, ' ' ORDER BY f.place)
        FROM imports.fault f WHERE f.job_id = $1::uuid AND f.row_no > $2::bigint
        GROUP BY f.row_no ORDER BY f.row_no LIMIT $3::int
        """)

    /// Rows: start, bytes in hexadecimal, the key that they are sealed with.
    static let pieces = statement(
        "pieces",
        """
        SELECT c.start::text, c.data, c.key_id::text FROM imports.chunk c
        WHERE c.job_id = $1::uuid AND c.start > $2::bigint - 262144 ORDER BY c.start LIMIT $3::int
        """)
}

/// The SQL of the runner.
enum ImportRunSQL {
    private static func statement(_ name: String, _ text: String) -> SQLStatement {
        SQLStatement(name: "import.\(name)", text: text)
    }

    static let claim = statement(
        "claim", "SELECT business_id::text, job_id::text FROM imports.claim($1::uuid, $2::int * interval '1 second')")

    static let outdated = statement(
        "outdated",
        "SELECT business_id::text, job_id::text FROM imports.outdated(now() - $1::int * interval '1 second')")

    /// One row, or none when somebody else has the job by now.
    static let job = statement(
        "job",
        """
        SELECT j.entity, j.format, coalesce(j.delimiter, ''), j.mode, j.key, j.dry_run::text, j.on_error,
            j.mapping::text, j.status, j.checkpoint::text, j.bytes_received::text,
            j.attempts::text, j.started_by::text, b.currency, b.time_zone, b.tier, b.status,
            to_json(m.roles)::text, \(CustomFieldStatements.veil(from: "coalesce(m.roles, '{}')"))
        FROM imports.job j CROSS JOIN businesses.business b
        LEFT JOIN users.membership m ON m.business_id = j.business_id AND m.user_id = j.started_by
        WHERE j.id = $1::uuid AND j.lease_token = $2::uuid
        """)

    /// Each step renews the lease, and changes nothing when the job isn't ours any more or was cancelled.
    private static let ours =
        "WHERE id = $1::uuid AND lease_token = $2::uuid AND status IN ('ready', 'validating', 'running') "
    private static let renewed = "lease_until = now() + \(ImportBounds.lease.components.seconds) * interval '1 second'"

    static let validating = statement(
        "validating",
        "UPDATE imports.job SET status = 'validating', bytes_done = $3::bigint, \(renewed) \(ours) RETURNING id")

    static let running = statement(
        "running",
        """
        UPDATE imports.job SET status = 'running', rows_total = $3::bigint, bytes_done = 0, checkpoint = $4::jsonb,
            attempts = 0, \(renewed) \(ours) RETURNING id
        """)

    /// For a transaction whose loss the job's checkpoint makes good.
    static let commitLater = SQLCommand(
        statement("commit_later", "SELECT set_config('synchronous_commit', 'off', true)"), [])

    /// One row, or none when the job isn't ours any more: rows done, faults kept. Waits for a batch that is being
    /// written, and holds the ones after it.
    static let hold = statement(
        "hold", "SELECT rows_done::text, faults_kept::text FROM imports.job \(ours) FOR NO KEY UPDATE")

    /// The last parameter is how many rows were done before: a batch whose commit was answered by silence isn't taken
    /// a second time.
    static let progress = statement(
        "progress",
        """
        UPDATE imports.job SET checkpoint = coalesce($3::jsonb, checkpoint),
            bytes_done = coalesce($4::bigint, bytes_done), rows_done = coalesce($5::bigint, rows_done),
            rows_created = rows_created + $6::bigint, rows_updated = rows_updated + $7::bigint,
            rows_unchanged = rows_unchanged + $8::bigint, rows_failed = rows_failed + $9::bigint,
            faults_kept = faults_kept + $10::int, attempts = 0, \(renewed)
        \(ours) AND rows_done = $11::bigint RETURNING id
        """)

    static let renew = statement("renew", "UPDATE imports.job SET \(renewed) \(ours) RETURNING id")

    static let end = statement(
        "end",
        """
        UPDATE imports.job SET status = $3, failure = $4::jsonb, invariants = $5::jsonb, finished_at = now(),
            lease_token = NULL, lease_until = NULL \(ours)
        RETURNING json_build_object('status', status, 'dry_run', dry_run, 'rows', rows_done,
            'created', rows_created, 'updated', rows_updated, 'failed', rows_failed)::text
        """)

    static let release = statement(
        "release",
        "UPDATE imports.job SET lease_until = NULL, attempts = greatest(attempts - 1, 0) \(ours) RETURNING id")

    static let addFaults = statement(
        "add_faults",
        """
        INSERT INTO imports.fault (business_id, job_id, row_no, place, line, starts_at, ends_at, source_column, path,
            code, detail)
        SELECT \(RowSecurity.currentBusiness), $1::uuid, f.row_no, f.place, f.line, f.starts_at, f.ends_at,
            f.source_column, f.path, f.code, f.detail
        FROM json_populate_recordset(NULL::imports.fault, $2::json) f
        """)

    static let forgetFile = statement("forget_file", "DELETE FROM imports.chunk WHERE job_id = $1::uuid")
    static let fileForgotten = statement(
        "file_forgotten", "UPDATE imports.job SET has_file = false WHERE id = $1::uuid")
}
