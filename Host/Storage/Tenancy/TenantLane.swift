import HostModel
import HostPostgres
import HostSQL

/// Runs statements for one business: as a unit on a lane, or in a transaction of several steps.
struct TenantLane: Sendable {
    let directory: BusinessDirectory
    let refusals: Refusals
    /// Where every write is counted, so that kept answers show their age; nil where nobody keeps any.
    let board: VersionBoard?
    /// How long one unit may take, waiting included.
    let deadline: Duration

    /// How long a request's unit or transaction stands in line for a connection: whoever waits for an answer is told
    /// to come back rather than kept longer. Answers are to come within 300 ms.
    private static let lineMax: Duration = .milliseconds(150)

    /// Each business takes its own turns. What no request waits for, such as an import, has more patience.
    private static func share(of scope: TenantScope) -> Share {
        Share(owner: scope.business.uuid, waitMax: scope.request == nil ? nil : lineMax)
    }

    /// One statement that reads, in one round trip.
    ///
    /// - Parameter readsMuch: Whether it may read more than a page's worth of rows, so that others shouldn't wait
    ///   behind it.
    func read(
        _ command: SQLCommand, in scope: TenantScope, constraints: ConstraintCatalogue? = nil, readsMuch: Bool = false
    ) async throws(Problem) -> Rows {
        try await run([TenantSetting.reading(scope), command], in: scope, constraints, isExclusive: readsMuch)[0]
    }

    /// Several statements that read, in one round trip and one transaction. One answer for each.
    func read(
        _ commands: [SQLCommand], in scope: TenantScope, constraints: ConstraintCatalogue? = nil,
        readsMuch: Bool = false
    ) async throws(Problem) -> [Rows] {
        try await run([TenantSetting.reading(scope)] + commands, in: scope, constraints, isExclusive: readsMuch)
    }

    /// One statement that writes, in one round trip; kept or undone as a whole.
    ///
    /// - Parameters:
    ///   - command: The statement.
    ///   - scope: The business.
    ///   - constraints: What broken rules mean.
    ///   - expectations: Statements before it, in the same transaction and the same round trip; each fails when what it
    ///     expects isn't so.
    ///   - followers: Statements behind it, likewise.
    func write(
        _ command: SQLCommand, in scope: TenantScope, constraints: ConstraintCatalogue? = nil,
        after expectations: [SQLCommand] = [], then followers: [SQLCommand] = []
    ) async throws(Problem) -> Rows {
        let commands = [TenantSetting.writing(scope)] + expectations + [command] + followers
        return try await counted(commands, in: scope, constraints)[expectations.count]
    }

    /// Several statements that write, in one round trip of a joined transaction. One answer for each.
    ///
    /// - Parameter commands: Fewer by two than a unit may have.
    func write(
        _ commands: [SQLCommand], in scope: TenantScope, constraints: ConstraintCatalogue?
    ) async throws(StepRefusal) -> [Rows] {
        guard let joined = scope.joined else { preconditionFailure("several writes are part of a transaction") }
        do {
            return try await joined.execute(commands)
        } catch {
            let problem = refusals.problem(error, request: scope.request, constraints: constraints)
            throw StepRefusal(problem: problem, command: error.command)
        }
    }

    /// As ``write(_:in:constraints:)``, answered before it is on the disk: a crash of the machine within the next
    /// moments may undo it, unless a later transaction was committed.
    ///
    /// In a joined transaction it is an ordinary write: the others of the transaction aren't light.
    func writeLightly(_ command: SQLCommand, in scope: TenantScope) async throws(Problem) -> Rows {
        guard scope.joined == nil else { return try await write(command, in: scope) }
        let commands = [TenantSetting.writing(scope), TenantSetting.lightly, command]
        return try await counted(commands, in: scope, nil)[1]
    }

    /// As ``run(_:in:_:isExclusive:)``, for what writes. In a joined transaction its owner counts.
    private func counted(
        _ commands: [SQLCommand], in scope: TenantScope, _ constraints: ConstraintCatalogue?
    ) async throws(Problem) -> [Rows] {
        guard let board, scope.joined == nil else {
            return try await run(commands, in: scope, constraints, isExclusive: true)
        }
        let effects = SQLEffects(of: commands)
        board.count(effects, in: scope.business)
        defer { board.count(effects, in: scope.business) }
        return try await run(commands, in: scope, constraints, isExclusive: true)
    }

    /// The first command sets the tenant; its answer is left out. In a joined transaction it is set already.
    private func run(
        _ commands: [SQLCommand], in scope: TenantScope, _ constraints: ConstraintCatalogue?, isExclusive: Bool
    ) async throws(Problem) -> [Rows] {
        do {
            if let joined = scope.joined { return try await joined.execute(Array(commands.dropFirst())) }
            let unit = DatabaseUnit(
                commands, deadline: deadline, isExclusive: isExclusive, share: Self.share(of: scope))
            return Array(try await directory.database(of: scope.business).run(unit).dropFirst())
        } catch {
            throw refusals.problem(error, request: scope.request, constraints: constraints)
        }
    }

    /// Several steps in one transaction, committed when the body returns. A scope that has joined one already stays in
    /// it: then its owner commits.
    func transaction<Result>(
        in scope: TenantScope, deadline: Duration? = nil, isReadOnly: Bool = false,
        _ body: (DatabaseTransaction) async throws -> Result
    ) async throws(Problem) -> Result {
        let setting = isReadOnly ? TenantSetting.reading(scope) : TenantSetting.writing(scope)
        do {
            if let joined = scope.joined { return try await body(try await joined.begun()) }
            return try await transaction(
                opening: [setting], in: scope, deadline: deadline, isReadOnly: isReadOnly
            ) { transaction, _ in try await body(transaction) }
        } catch {
            throw refusals.problem(any: error, request: scope.request)
        }
    }

    /// A transaction of its own whose first statements travel with its begin; the body gets their answers too.
    func transaction<Result>(
        opening commands: [SQLCommand], in scope: TenantScope, deadline: Duration?, isReadOnly: Bool = false,
        _ body: (DatabaseTransaction, [Rows]) async throws -> Result
    ) async throws -> Result {
        let database = directory.database(of: scope.business)
        let counting = isReadOnly ? nil : board.map { board in { board.count($0, in: scope.business) } }
        return try await database.transaction(
            deadline: deadline ?? self.deadline, share: Self.share(of: scope), counting: counting
        ) { transaction in
            let rows = try await transaction.execute(commands)
            return try await body(transaction, rows)
        }
    }

    /// One moment of the business, read only, on a connection of its own.
    ///
    /// - Throws: Problems for what the database says; what else the body throws, as it is.
    func snapshot<Result>(
        in scope: TenantScope, deadline: Duration, _ body: (DatabaseSnapshot) async throws -> Result
    ) async throws -> Result {
        do {
            return try await directory.database(of: scope.business).snapshot(deadline: deadline) { snapshot in
                _ = try await snapshot.execute(TenantSetting.reading(scope))
                return try await body(snapshot)
            }
        } catch let error as DatabaseError {
            throw refusals.problem(error, request: scope.request)
        }
    }
}

/// Why one of several statements was refused.
struct StepRefusal: Error {
    let problem: Problem
    /// Its number among them; nil when it was none of them alone.
    let command: Int?
}
