import HostModel
import HostPostgres
import HostSQL

/// Carries out the steps of a plan, each recorded together with its effect, or repaired when it is run again.
struct StepRunner: Sendable {
    let database: Database
    let plugin: String
    let options: MigrationOptions

    /// Long enough for reading or indexing a large table.
    static let deadline: Duration = .seconds(6 * 3_600)
    static let lockNotAvailable = "55P03"

    /// - Parameter before: The model that must be there, as it is kept; nil for none.
    /// - Throws: `MigrationRefusal` when rows are in the way, ``MigrationError``, `DatabaseError`.
    func run(_ step: MigrationStep, before: SchemaModel?) async throws {
        options.say("\(plugin): \(step.summary)")
        switch step.action {
        case .statements(let statements): try await commit(step, statements, before: before)
        case .rewrite(let statements, let table):
            try await checkSize(of: table, step)
            try await commit(step, statements, before: before)
        case .validation(let validation): try await validate(validation, step, before: before)
        case .index(let build): try await self.build(build, step, before: before)
        case .backfill(let backfill):
            let runner = BackfillRunner(database: database, plugin: plugin, options: options)
            try await runner.run(backfill, step: step.key(after: before))
            try await commit(step, [], before: before)
        }
        try options.afterRecord()
    }

    /// One transaction: the statements, the model after them, the record of the step.
    private func commit(_ step: MigrationStep, _ statements: [String], before: SchemaModel?) async throws {
        try await retryingLocks(step.summary) {
            try await database.transaction(deadline: Self.deadline) { transaction in
                try await open(transaction, before: before)
                try await transaction.execute(each: statements)
                _ = try await transaction.execute([
                    AppliedSchema.keep(step.after.json.text, of: plugin),
                    Self.record(plugin, step.key(after: before), step, isDone: true),
                ])
            }
        }
    }

    /// Locks are waited for shortly, and the schema must be where the plan thinks that it is.
    private func open(_ transaction: DatabaseTransaction, before: SchemaModel?) async throws {
        let rows = try await transaction.execute([
            PlatformRoles.actAsOwner,
            SQLCommand(
                Migrator.statement(
                    "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', '0', true)"),
                ["\(options.lockTimeoutMilliseconds)"]),
            SQLCommand(
                Migrator.statement("SELECT model FROM thorbis.plugin_schema WHERE plugin = $1 FOR UPDATE"), [plugin]),
        ])[2]
        let kept = rows.count == 0 ? nil : rows.text(0, 0)
        guard kept == before?.json.text else {
            throw MigrationError(
                .changedMeanwhile, "Another process changed the schema of \(plugin) meanwhile; run it again.")
        }
    }

    static func record(_ plugin: String, _ key: String, _ step: MigrationStep, isDone: Bool) -> SQLCommand {
        let text = """
            INSERT INTO thorbis.migration_step (plugin, step, phase, summary, state, finished_at)
            VALUES ($1, $2, $3, $4, $5, CASE WHEN $5 = 'done' THEN clock_timestamp() END)
            ON CONFLICT (plugin, step) DO UPDATE SET state = excluded.state, finished_at = excluded.finished_at
            """
        return SQLCommand(
            Migrator.statement(text),
            [plugin, key, step.phase.rawValue, step.summary, isDone ? "done" : "running"])
    }

    /// Tries again while somebody holds the table; gives up after the budget, with nothing changed.
    func retryingLocks(_ what: String, _ body: () async throws -> Void) async throws {
        for attempt in 0..<options.lockTriesMax {
            do {
                return try await body()
            } catch let error as DatabaseError where error.sqlState == Self.lockNotAvailable {
                options.say("\(plugin): \(what): the table is held by somebody else, trying again")
                try await Task.sleep(for: options.pause(before: attempt))
            }
        }
        throw MigrationError(
            .tableHeld,
            "The step “\(what)” of \(plugin) waited \(options.lockTriesMax) times for a table that somebody else "
                + "holds. Requests were not held up, and the step changed nothing. Look for long transactions in "
                + "pg_stat_activity, then run it again.")
    }

    // MARK: - Steps that are more than statements

    private func validate(_ validation: Validation, _ step: MigrationStep, before: SchemaModel?) async throws {
        do {
            try await commit(step, [validation.statement], before: before)
        } catch let error as DatabaseError where ["23514", "23503"].contains(error.sqlState) {
            if let undo = validation.undo, let before { try await takeBack(undo, validation, before) }
            throw validation.refusal
        }
    }

    /// Without this the rule would go on refusing what the running host writes.
    private func takeBack(_ undo: String, _ validation: Validation, _ before: SchemaModel) async throws {
        let after = before.dropping(constraint: validation.constraint)
        try await retryingLocks(undo) {
            try await database.transaction(deadline: Self.deadline) { transaction in
                try await open(transaction, before: before)
                try await transaction.execute(each: [undo])
                _ = try await transaction.execute(AppliedSchema.keep(after.json.text, of: plugin))
            }
        }
    }

    /// Refuses a plan that would hold a large table, before its first step.
    func checkSizes(_ steps: [MigrationStep]) async throws {
        for step in steps {
            if case .rewrite(_, let table) = step.action { try await checkSize(of: table, step) }
        }
    }

    /// A table that an earlier step makes, or gives this name, isn't there yet.
    private func checkSize(of table: String, _ step: MigrationStep) async throws {
        guard !options.allowsRewrites else { return }
        let text = "SELECT coalesce(pg_total_relation_size(to_regclass($1)), 0)::text"
        let size = try await database.transaction(deadline: .seconds(30)) { transaction in
            try await transaction.execute(SQLCommand(Migrator.statement(text), [table])).integer(0, 0) ?? 0
        }
        guard size > options.rewriteBytesMax else { return }
        throw MigrationRefusal(
            rule: .largeRewrite, place: plugin,
            message: "“\(step.summary)” would hold \(table), which has \(size >> 20) MiB",
            wayOut: MigrationRule.largeRewrite.explanation.fix)
    }

    /// A build runs outside a transaction: whether it was finished is looked up, whatever was recorded.
    private func build(_ build: IndexBuild, _ step: MigrationStep, before: SchemaModel?) async throws {
        let key = step.key(after: before)
        if try await !isBuilt(build, key) {
            try await outside(build.drop)
            try await note(step, key)
            do {
                try await outside(build.statement)
            } catch let error as DatabaseError where error.sqlState == SQLState.uniqueViolation {
                try await outside(build.drop)
                throw build.refusal
            }
            try options.afterRecord()
        }
        try await commit(step, [], before: before)
    }

    /// Whether an earlier run of this very step left a whole index; an invalid one counts for nothing.
    private func isBuilt(_ build: IndexBuild, _ key: String) async throws -> Bool {
        let text = """
            SELECT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname = $2 AND i.indisvalid)
            AND EXISTS (SELECT FROM thorbis.migration_step WHERE plugin = $3 AND step = $4 AND state = 'running')
            """
        return try await database.transaction(deadline: .seconds(30)) { transaction in
            try await transaction.execute([
                PlatformRoles.actAsOwner,
                SQLCommand(Migrator.statement(text), [build.schema, build.index.name, plugin, key]),
            ])[1].text(0, 0) == "t"
        }
    }

    private func note(_ step: MigrationStep, _ key: String) async throws {
        try await database.transaction(deadline: .seconds(30)) { transaction in
            _ = try await transaction.execute([
                PlatformRoles.actAsOwner, Self.record(plugin, key, step, isDone: false),
            ])
        }
    }

    /// A unit of one statement is no transaction block, which `CONCURRENTLY` asks for.
    private func outside(_ statement: String) async throws {
        _ = try await database.run(
            DatabaseUnit([SQLCommand(Migrator.statement(statement), [])], deadline: Self.deadline))
    }
}

extension MigrationStep {
    /// Tells the step from every other one, whenever and by whomever the plan is made.
    func key(after model: SchemaModel?) -> String {
        SchemaChecksum.hexadecimal(of: [model?.json.text ?? "", phase.rawValue, summary] + statements)
    }
}
