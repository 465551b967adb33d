extension Migration {
    /// Files that are being imported: jobs, the files' bytes in pieces, and what is wrong with their rows.
    static let v0012Imports = Migration(
        id: 12, name: "Imports",
        statements: [
            "CREATE SCHEMA imports",
            "GRANT USAGE ON SCHEMA imports TO thorbis_app, thorbis_gate",
            job,
            // Only what a runner may take is in it.
            """
            CREATE INDEX job_waiting ON imports.job (queued_at)
            WHERE status IN ('ready', 'validating', 'running')
            """,
            "CREATE INDEX job_kept ON imports.job (finished_at) WHERE has_file AND finished_at IS NOT NULL",
            """
            CREATE TABLE imports.chunk (
                business_id uuid NOT NULL,
                job_id uuid NOT NULL,
                start bigint NOT NULL CHECK (start >= 0),
                data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 262144),
                PRIMARY KEY (business_id, job_id, start),
                FOREIGN KEY (business_id, job_id) REFERENCES imports.job (business_id, id)
            )
            """,
            // Compression would cost more than the room it saves for a few days.
            "ALTER TABLE imports.chunk ALTER COLUMN data SET STORAGE EXTERNAL",
            """
            CREATE TABLE imports.fault (
                business_id uuid NOT NULL,
                job_id uuid NOT NULL,
                row_no bigint NOT NULL CHECK (row_no >= 1),
                place int NOT NULL CHECK (place >= 0),
                line bigint NOT NULL,
                starts_at bigint NOT NULL,
                ends_at bigint NOT NULL,
                source_column text NULL,
                path text NOT NULL,
                code text NOT NULL,
                detail text NOT NULL,
                PRIMARY KEY (business_id, job_id, row_no, place),
                FOREIGN KEY (business_id, job_id) REFERENCES imports.job (business_id, id)
            )
            """,
        ] + RowSecurity.gated("imports.job") + RowSecurity.closed("imports.chunk")
            + RowSecurity.closed("imports.fault") + [
                "GRANT SELECT, INSERT, UPDATE ON imports.job TO thorbis_app",
                "GRANT SELECT, INSERT, DELETE ON imports.chunk, imports.fault TO thorbis_app",
                """
                GRANT SELECT (business_id, id, status, queued_at, finished_at, has_file, attempts, lease_until),
                    UPDATE (lease_token, lease_until, attempts) ON imports.job TO thorbis_gate
                """,
            ] + gate)

    private static let job = """
        CREATE TABLE imports.job (
            business_id uuid NOT NULL REFERENCES businesses.business (id),
            id uuid NOT NULL,
            entity text NOT NULL CHECK (char_length(entity) BETWEEN 3 AND 100),
            format text NOT NULL CHECK (format IN ('csv', 'ndjson')),
            delimiter text NULL CHECK (delimiter IN (',', ';', E'\\t')),
            mode text NOT NULL CHECK (mode IN ('insert', 'upsert')),
            key text NULL CHECK ((mode = 'upsert') = (key IS NOT NULL)),
            dry_run boolean NOT NULL,
            on_error text NOT NULL CHECK (on_error IN ('continue', 'stop')),
            file_name text NULL CHECK (char_length(file_name) <= 255),
            mapping jsonb NOT NULL CHECK (octet_length(mapping::text) <= 65536),
            status text NOT NULL DEFAULT 'uploading' CHECK (status IN
                ('uploading', 'ready', 'validating', 'running', 'done', 'failed', 'cancelled')),
            failure jsonb NULL,
            bytes_total bigint NULL CHECK (bytes_total >= 0),
            bytes_received bigint NOT NULL DEFAULT 0 CHECK (bytes_received >= 0),
            bytes_done bigint NOT NULL DEFAULT 0,
            rows_total bigint NULL,
            rows_done bigint NOT NULL DEFAULT 0,
            rows_created bigint NOT NULL DEFAULT 0,
            rows_updated bigint NOT NULL DEFAULT 0,
            rows_unchanged bigint NOT NULL DEFAULT 0,
            rows_failed bigint NOT NULL DEFAULT 0,
            faults_kept int NOT NULL DEFAULT 0,
            checkpoint jsonb NULL,
            has_file boolean NOT NULL DEFAULT true,
            created_by uuid NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            started_by uuid NULL,
            started_at timestamptz NULL,
            finished_at timestamptz NULL,
            queued_at timestamptz NULL,
            attempts int NOT NULL DEFAULT 0,
            lease_token uuid NULL,
            lease_until timestamptz NULL,
            PRIMARY KEY (business_id, id)
        )
        """

    /// What a runner asks before it knows a business. It hands out ids only: the job itself is read under its tenant.
    private static let gate =
        [
            "GRANT CREATE ON SCHEMA imports TO thorbis_gate", "SET LOCAL ROLE NONE",
            gateMembership("GRANT", "TO"), "SET LOCAL ROLE thorbis_gate",
            """
            CREATE FUNCTION imports.claim(new_token uuid, lease interval)
            RETURNS TABLE (business_id uuid, job_id uuid)
            LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                UPDATE imports.job AS taken
                SET lease_token = new_token, lease_until = now() + lease, attempts = taken.attempts + 1
                FROM (
                    SELECT waiting.business_id, waiting.id FROM imports.job AS waiting
                    WHERE waiting.status IN ('ready', 'validating', 'running')
                        AND (waiting.lease_until IS NULL OR waiting.lease_until < now())
                    ORDER BY waiting.queued_at LIMIT 1 FOR UPDATE SKIP LOCKED
                ) AS found
                WHERE taken.business_id = found.business_id AND taken.id = found.id
                RETURNING taken.business_id, taken.id
            $$
            """,
            """
            CREATE FUNCTION imports.outdated(before timestamptz)
            RETURNS TABLE (business_id uuid, job_id uuid)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                SELECT job.business_id, job.id FROM imports.job AS job
                WHERE job.has_file AND job.finished_at < before ORDER BY job.finished_at LIMIT 1
            $$
            """,
        ]
        + ["imports.claim(uuid, interval)", "imports.outdated(timestamptz)"].flatMap { function in
            [
                "REVOKE EXECUTE ON FUNCTION \(function) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION \(function) TO thorbis_app",
            ]
        } + [
            "SET LOCAL ROLE NONE", gateMembership("REVOKE", "FROM"), "SET LOCAL ROLE thorbis_owner",
            "REVOKE CREATE ON SCHEMA imports FROM thorbis_gate",
        ]

    /// As in step 7: only a member can make what a role owns, so for this step only.
    private static func gateMembership(_ verb: String, _ preposition: String) -> String {
        """
        DO $$ BEGIN
            IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
                EXECUTE pg_catalog.format('\(verb) thorbis_gate \(preposition) %I', current_user);
            END IF;
        END $$
        """
    }
}
