extension Migration {
    /// Files of a business: their descriptions, and each content once, in pieces.
    ///
    /// A content is told by its SHA-256 within its business only: whether another business has the same bytes shows
    /// nowhere. Contents only grow; a file is archived, never deleted.
    static let v0011Files = Migration(
        id: 11, name: "Files",
        statements: [
            "CREATE SCHEMA files",
            "GRANT USAGE ON SCHEMA files TO thorbis_app",
            """
            CREATE TABLE files.content (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
                bytes bigint NOT NULL CHECK (bytes >= 0),
                PRIMARY KEY (business_id, sha256)
            )
            """,
            """
            CREATE TABLE files.chunk (
                business_id uuid NOT NULL,
                sha256 bytea NOT NULL,
                position int NOT NULL CHECK (position >= 0),
                data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 262144),
                PRIMARY KEY (business_id, sha256, position),
                FOREIGN KEY (business_id, sha256) REFERENCES files.content (business_id, sha256)
            )
            """,
            // Compressed or encrypted mostly: PostgreSQL needn't try to compress it once more.
            "ALTER TABLE files.chunk ALTER COLUMN data SET STORAGE EXTERNAL",
            """
            CREATE TABLE files.file (
                business_id uuid NOT NULL REFERENCES businesses.business (id),
                id uuid NOT NULL,
                sha256 bytea NOT NULL,
                bytes bigint NOT NULL CHECK (bytes >= 0),
                media_type text NOT NULL CHECK (char_length(media_type) BETWEEN 3 AND 100),
                name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
                visibility text NOT NULL DEFAULT 'internal' CHECK (visibility IN ('internal', 'customer')),
                created_at timestamptz NOT NULL DEFAULT now(),
                created_by uuid NOT NULL,
                archived_at timestamptz NULL,
                PRIMARY KEY (business_id, id),
                FOREIGN KEY (business_id, sha256) REFERENCES files.content (business_id, sha256)
            )
            """,
            "CREATE INDEX file_content ON files.file (business_id, sha256)",
        ] + ["files.content", "files.chunk", "files.file"].flatMap { RowSecurity.closed($0) } + [
            "GRANT SELECT, INSERT ON files.content, files.chunk TO thorbis_app",
            "GRANT SELECT, INSERT, UPDATE (archived_at) ON files.file TO thorbis_app",
            """
            CREATE FUNCTION files.refuse_change() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                RAISE EXCEPTION 'the contents of files only grow' USING ERRCODE = 'insufficient_privilege';
            END
            $$
            """,
            "REVOKE EXECUTE ON FUNCTION files.refuse_change() FROM PUBLIC",
        ]
            + ["files.content", "files.chunk"].map { table in
                """
                CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON \(table)
                FOR EACH STATEMENT EXECUTE FUNCTION files.refuse_change()
                """
            })
}
