extension Migration {
    /// Files with sensitive columns are kept sealed, and a job tells what the invariants found after it.
    static let v0020ImportSecrets = Migration(
        id: 20, name: "ImportSecrets",
        statements: [
            // The key of the business that the piece is sealed with; NULL for one in plain.
            "ALTER TABLE imports.chunk ADD COLUMN key_id int NULL",
            "ALTER TABLE imports.job ADD COLUMN invariants jsonb NULL",
        ])
}
