/// One step of a migration: done as a whole or not at all, and recorded before the next one starts.
package struct MigrationStep: Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable, CaseIterable {
        /// Adds; statements of the running host go on working.
        case expand
        /// Fills rows in batches.
        case backfill
        /// Takes away what nobody uses any more; only when asked for.
        case contract
    }

    package enum Action: Hashable, Sendable {
        /// One short transaction.
        case statements([String])
        /// Reads all rows of a table while others write: `ALTER TABLE … VALIDATE CONSTRAINT …`.
        case validation(Validation)
        /// Outside any transaction, while others write.
        case index(IndexBuild)
        case backfill(Backfill)
        /// Holds the table for as long as it takes to read and write it, so only for one that is small.
        case rewrite([String], table: String)
    }

    package let phase: Phase
    /// One line: `add column hs.work_order.colour text`.
    package let summary: String
    package let action: Action
    /// What is there when the step is done.
    package let after: SchemaModel

    /// The SQL, for reading and for telling steps apart.
    package var statements: [String] {
        switch action {
        case .statements(let statements), .rewrite(let statements, _): statements
        case .validation(let validation): [validation.statement]
        case .index(let build): [build.statement]
        case .backfill(let backfill): [backfill.statement]
        }
    }
}

/// Reads every row against a constraint that was added as NOT VALID.
package struct Validation: Hashable, Sendable {
    package let table: String
    package let constraint: String
    /// Taken back when rows break it; nil for one that stays and is tried again.
    package let undo: String?
    package let refusal: MigrationRefusal

    package var statement: String { "ALTER TABLE \(table) VALIDATE CONSTRAINT \(SQLName.quoted(constraint))" }
}

/// An index that is built while others write. A build that was broken off leaves an invalid index behind.
package struct IndexBuild: Hashable, Sendable {
    package let schema: String
    package let index: IndexModel
    /// When two rows have the same value in a unique one.
    package let refusal: MigrationRefusal

    package var statement: String { index.create(concurrently: true) }
    package var drop: String {
        "DROP INDEX CONCURRENTLY IF EXISTS \(SQLName.quoted(schema)).\(SQLName.quoted(index.name))"
    }
}

/// Rows of every business are worked on, a batch at a time.
package struct Backfill: Hashable, Sendable {
    /// What it does, for the record of the step: `fill "hs"."work_order".colour`.
    package let summary: String
    /// One batch of one business: `$1` the business, `$2` the last id of the batch before, `$3` how many rows. Gives
    /// the number of rows and the last id; may be run again for rows that it did.
    package let statement: String

    package init(summary: String, statement: String) {
        self.summary = summary
        self.statement = statement
    }

    /// Empty values become a value.
    ///
    /// Counts the version up as every change does, so that clients that hold the record learn of it.
    package init(table: String, column: String, value: String) {
        summary = "fill \(table).\(column)"
        statement = """
            WITH batch AS (SELECT id FROM \(table) WHERE business_id = $1::uuid AND id > $2::uuid \
            AND \(SQLName.quoted(column)) IS NULL ORDER BY id LIMIT $3::int FOR UPDATE), \
            filled AS (UPDATE \(table) t SET \(SQLName.quoted(column)) = \(value), version = t.version + 1, \
            updated_at = now() FROM batch WHERE t.business_id = $1::uuid AND t.id = batch.id RETURNING t.id) \
            SELECT count(*)::text, max(id::text) FROM filled
            """
    }
}
