package import HostModel
import NIOCore
import Synchronization

/// An open transaction on a connection of its own; it ends with the body of ``Database/transaction(deadline:_:)``.
///
/// It can be kept longer but not used longer: afterwards each call is refused.
package final class DatabaseTransaction: Sendable {
    private enum Phase {
        /// BEGIN travels with the first statement.
        case untouched
        case open
        /// PostgreSQL refuses everything after the first error, and so do we.
        case failed(DatabaseError)
        case over
    }

    private static let begin = SQLCommand(SQLStatement(name: "thorbis_begin", text: "BEGIN"), [])
    private static let commit = SQLCommand(SQLStatement(name: "thorbis_commit", text: "COMMIT"), [])
    private static let rollback = SQLCommand(SQLStatement(name: "thorbis_rollback", text: "ROLLBACK"), [])
    /// A rollback gets at least so long, even if the transaction's own time is over.
    private static let rollbackTime = TimeAmount.seconds(1)

    private let connection: Connection
    private let deadline: NIODeadline
    private let phase = Mutex(Phase.untouched)
    private let sent = Mutex(SQLEffects())

    init(connection: Connection, deadline: NIODeadline) {
        self.connection = connection
        self.deadline = deadline
    }

    /// What its statements change, those included that failed or were undone.
    package var effects: SQLEffects { sent.withLock { $0 } }

    /// Runs one statement. After an error nothing but the end of the transaction follows: let it out of the body.
    package func execute(_ command: SQLCommand) async throws(DatabaseError) -> Rows {
        let rows = try await execute([command])
        return rows[0]
    }

    /// Runs several statements in one round trip; one answer each. At most `DatabaseUnit.commandCountMax` - 1.
    package func execute(_ commands: [SQLCommand]) async throws(DatabaseError) -> [Rows] {
        let begins = try enter()
        sent.withLock { $0.add(commands) }
        let unit = DatabaseUnit(begins ? [Self.begin] + commands : commands, deadline: remaining)
        do throws(DatabaseError) {
            let rows = try await connection.run(unit, mayRetry: false)
            return begins ? Array(rows.dropFirst()) : rows
        } catch {
            let error = error.behind(begins ? 1 : 0)
            phase.withLock { $0 = .failed(error) }
            throw error
        }
    }

    /// Runs any number of statements in as few round trips as they need; one answer each.
    package func execute(all commands: [SQLCommand]) async throws(DatabaseError) -> [Rows] {
        let most = DatabaseUnit.commandCountMax - 1
        var answers: [Rows] = []
        for start in stride(from: 0, to: commands.count, by: most) {
            answers += try await execute(Array(commands[start..<min(start + most, commands.count)]))
        }
        return answers
    }

    private static let savepoint = SQLCommand(SQLStatement(name: "thorbis_savepoint", text: "SAVEPOINT attempt"), [])
    private static let release = SQLCommand(SQLStatement(name: "thorbis_release", text: "RELEASE attempt"), [])
    private static let backToSavepoint = SQLCommand(
        SQLStatement(name: "thorbis_back", text: "ROLLBACK TO SAVEPOINT attempt"), [])

    /// Runs one statement that PostgreSQL may refuse: the transaction then goes on as if it had never run.
    ///
    /// One round trip, two when it is refused.
    ///
    /// - Throws: What isn't a refusal, such as a lost connection; the transaction is at its end then.
    package func attempt(
        _ command: SQLCommand, then follower: SQLCommand? = nil
    ) async throws(DatabaseError) -> Result<Rows, DatabaseError> {
        let begins = try enter()
        sent.withLock { $0.add([command] + (follower.map { [$0] } ?? [])) }
        let start = begins ? [Self.begin, Self.savepoint] : [Self.savepoint]
        let unit = DatabaseUnit(
            start + [command] + (follower.map { [$0] } ?? []) + [Self.release], deadline: remaining)
        do throws(DatabaseError) {
            return .success(try await connection.run(unit, mayRetry: false)[start.count])
        } catch {
            guard error.code == .refused else {
                phase.withLock { $0 = .failed(error) }
                throw error
            }
            _ = try await execute([Self.backToSavepoint, Self.release])
            return .failure(error)
        }
    }

    /// Whether this call is the one that begins the transaction.
    private func enter() throws(DatabaseError) -> Bool {
        try phase.withLock { phase throws(DatabaseError) in
            switch phase {
            case .untouched:
                phase = .open
                return true
            case .open: return false
            case .failed(let error): throw error
            case .over: throw DatabaseError(.refused, detail: "the transaction is over")
            }
        }
    }

    /// Undoes what came after a savepoint, the error included: the transaction goes on from there.
    ///
    /// - Throws: When the connection or the transaction's time is gone; only a rollback of everything follows then.
    package func undo(to savepoint: Savepoint) async throws(DatabaseError) {
        let isOver = phase.withLock { phase in
            if case .over = phase { true } else { false }
        }
        guard !isOver else { throw DatabaseError(.refused, detail: "the transaction is over") }
        _ = try await connection.run(DatabaseUnit([savepoint.undo], deadline: remaining), mayRetry: false)
        phase.withLock { $0 = .open }
    }

    private var remaining: Duration {
        .nanoseconds(max(0, (deadline - .now()).nanoseconds))
    }

    /// Keeps what was done.
    ///
    /// - Throws: Also when PostgreSQL answers a COMMIT with a rollback, as it does after an error that the body hid.
    func commit() async throws(DatabaseError) {
        guard let isOpen = try end() else { return }
        guard isOpen else { return }
        let rows = try await connection.run(DatabaseUnit([Self.commit], deadline: remaining), mayRetry: false)
        guard rows[0].commandTag == "COMMIT" else {
            throw DatabaseError(.refused, detail: "the transaction was rolled back after an earlier error")
        }
    }

    private func end() throws(DatabaseError) -> Bool? {
        let last = phase.withLock { phase in
            defer { phase = .over }
            return phase
        }
        switch last {
        case .untouched: return false
        case .open: return true
        case .failed(let error): throw error
        case .over: return nil
        }
    }

    /// Undoes what was done, if the server still has it; a connection that can't is closed.
    func rollBack() async {
        phase.withLock { $0 = .over }
        let time = max(remaining, .nanoseconds(Self.rollbackTime.nanoseconds))
        do throws(DatabaseError) {
            _ = try await connection.run(DatabaseUnit([Self.rollback], deadline: time), mayRetry: false)
        } catch {
            // Without a connection the server rolls back by itself.
            connection.close()
        }
    }
}
