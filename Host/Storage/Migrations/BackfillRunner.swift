import HostModel
import HostPostgres
import HostSQL

/// Fills rows of every business, a batch a transaction, and goes on from where an earlier run stopped.
struct BackfillRunner: Sendable {
    let database: Database
    let plugin: String
    let options: MigrationOptions

    /// Businesses that one round trip looks at: two statements each, within a unit's bound.
    private static let pageSize = 12

    /// - Parameter step: The key under which the position is kept.
    func run(_ backfill: Backfill, step: String) async throws {
        var last = try await position(of: step, backfill) ?? BusinessPages.first
        let pages = BusinessPages(database: database)
        while true {
            let page = try await pages.page(after: last, size: Self.pageSize)
            guard let end = page.last else { return }
            try await fill(page, backfill)
            last = end
            try await keep(last, of: step)
            try options.afterRecord()
            try await Task.sleep(for: options.batchPause)
        }
    }

    /// The first batch of every business of a page together, the rest of large ones alone.
    private func fill(_ page: [String], _ backfill: Backfill) async throws {
        var large: [(business: String, last: String)] = []
        try await inBatch { transaction in
            large = []
            let commands = page.flatMap { batch(backfill, of: $0, after: BusinessPages.first) }
            let rows = try await transaction.execute(commands)
            for (number, business) in page.enumerated() {
                let answer = rows[number * 2 + 1]
                if answer.integer(0, 0) == Int64(options.batchRows), let last = answer.text(0, 1) {
                    large.append((business, last))
                }
            }
        }
        for business in large { try await fillRest(business.business, after: business.last, backfill) }
    }

    /// What is filled is no longer empty, so a run that is broken off here has nothing to do twice.
    private func fillRest(_ business: String, after id: String, _ backfill: Backfill) async throws {
        var last: String? = id
        while let id = last {
            try await Task.sleep(for: options.batchPause)
            try await inBatch { transaction in
                let rows = try await transaction.execute(batch(backfill, of: business, after: id))[1]
                last = rows.integer(0, 0) == Int64(options.batchRows) ? rows.text(0, 1) : nil
            }
            try options.afterRecord()
        }
    }

    private func batch(_ backfill: Backfill, of business: String, after id: String) -> [SQLCommand] {
        [
            SQLCommand(Migrator.statement("SELECT set_config('thorbis.business_id', $1, true)"), [business]),
            SQLCommand(Migrator.statement(backfill.statement), [business, id, "\(options.batchRows)"]),
        ]
    }

    private func inBatch(_ body: (DatabaseTransaction) async throws -> Void) async throws {
        let runner = StepRunner(database: database, plugin: plugin, options: options)
        try await runner.retryingLocks("fill records") {
            try await database.transaction(deadline: .seconds(600)) { transaction in
                _ = try await transaction.execute([
                    PlatformRoles.actAsOwner,
                    SQLCommand(
                        Migrator.statement("SELECT set_config('lock_timeout', $1, true)"),
                        ["\(options.lockTimeoutMilliseconds)"]),
                ])
                try await body(transaction)
            }
        }
    }

    /// The last business that is done; the first call notes that the step runs.
    private func position(of step: String, _ backfill: Backfill) async throws -> String? {
        let text = """
            INSERT INTO thorbis.migration_step AS kept (plugin, step, phase, summary, state)
            VALUES ($1, $2, 'backfill', $3, 'running')
            ON CONFLICT (plugin, step) DO UPDATE SET state = 'running' RETURNING kept.position
            """
        return try await asOwner(text, [plugin, step, backfill.summary]).text(0, 0)
    }

    private func keep(_ position: String, of step: String) async throws {
        let text = "UPDATE thorbis.migration_step SET position = $3 WHERE plugin = $1 AND step = $2"
        _ = try await asOwner(text, [plugin, step, position])
    }

    private func asOwner(_ text: String, _ parameters: [String]) async throws -> Rows {
        try await database.transaction(deadline: .seconds(30)) { transaction in
            try await transaction.execute([
                PlatformRoles.actAsOwner, SQLCommand(Migrator.statement(text), parameters),
            ])[1]
        }
    }
}
