import HostModel

/// The SQL of files.
enum FileStatements {
    private static let business = RowSecurity.currentBusiness

    /// What GET shows of the row `f`.
    private static let form = """
        SELECT f.id, f.name, f.media_type, f.bytes, encode(f.sha256, 'hex') AS sha256, f.visibility, f.created_at,
            f.created_by, f.archived_at
        """

    /// A row when the business has no such content yet; waits for another upload of the same bytes.
    static let addContent = SQLStatement(
        name: "file.add_content",
        text: """
            INSERT INTO files.content (business_id, sha256, bytes) VALUES (\(business), $1::bytea, $2::bigint)
            ON CONFLICT (business_id, sha256) DO NOTHING RETURNING bytes::text
            """)

    static let addChunk = SQLStatement(
        name: "file.add_chunk",
        text: """
            INSERT INTO files.chunk (business_id, sha256, position, data)
            VALUES (\(business), $1::bytea, $2::int, decode($3, 'base64'))
            """)

    static let addFile = SQLStatement(
        name: "file.add",
        text: """
            WITH f AS (
                INSERT INTO files.file (business_id, id, sha256, bytes, media_type, name, visibility, created_by)
                VALUES (\(business), $1::uuid, $2::bytea, $3::bigint, $4, $5, $6, $7::uuid) RETURNING *
            )
            SELECT row_to_json(r)::text FROM (\(form) FROM f) r
            """)

    static let read = SQLStatement(
        name: "file.read",
        text: "SELECT row_to_json(r)::text FROM (\(form) FROM files.file f WHERE f.id = $1::uuid) r")

    static let list = SQLStatement(
        name: "file.list",
        text: """
            SELECT row_to_json(r)::text, r.id::text FROM (
                \(form) FROM files.file f
                WHERE f.archived_at IS NULL AND ($1::uuid IS NULL OR f.id < $1::uuid)
                ORDER BY f.id DESC LIMIT $2::int
            ) r ORDER BY r.id DESC
            """)

    static let archive = SQLStatement(
        name: "file.archive",
        text: """
            WITH f AS (
                UPDATE files.file SET archived_at = coalesce(archived_at, now()) WHERE id = $1::uuid RETURNING *
            )
            SELECT row_to_json(r)::text FROM (\(form) FROM f) r
            """)

    static let content = SQLStatement(
        name: "file.content",
        text: """
            SELECT f.name, f.media_type, f.bytes::text, encode(f.sha256, 'hex') FROM files.file f WHERE f.id = $1::uuid
            """)

    static let chunk = SQLStatement(
        name: "file.chunk",
        text: """
            SELECT encode(data, 'hex') FROM files.chunk WHERE sha256 = decode($1, 'hex') AND position = $2::int
            """)

    /// What a business brought in a month (of UTC), counted in the transaction that keeps it.
    static let count = SQLStatement(
        name: "file.count",
        text: """
            INSERT INTO billing.usage AS held (business_id, month, metric, used)
            VALUES (\(business), date_trunc('month', now())::date, 'bytes', $1::bigint)
            ON CONFLICT (business_id, month, metric) DO UPDATE SET used = held.used + excluded.used
            """)
}
