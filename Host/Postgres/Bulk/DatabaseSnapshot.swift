package import HostModel
import NIOCore
import NIOPosix

/// A read-only transaction that sees one moment of the database, on a connection of its own, for reading a lot.
///
/// Used by one task at a time, inside the body of ``Database/snapshot(deadline:_:)``; afterwards each call is refused.
/// Cancelling the task cancels the statement at the server.
package final class DatabaseSnapshot: Sendable {
    private let connection: BulkConnection
    private let deadline: NIODeadline
    /// For calls that wait for the server.
    private let threads: NIOThreadPool
    /// For cancelling, which must not wait behind them.
    private let cancelThreads: NIOThreadPool

    private init(
        _ connection: BulkConnection, deadline: NIODeadline, threads: NIOThreadPool, cancelThreads: NIOThreadPool
    ) {
        self.connection = connection
        self.deadline = deadline
        self.threads = threads
        self.cancelThreads = cancelThreads
    }

    /// Connects and begins; the statements' own time limit at the server is that of the whole.
    static func begin(
        _ configuration: DatabaseConfiguration, until deadline: NIODeadline, threads: NIOThreadPool,
        cancelThreads: NIOThreadPool
    ) async throws(DatabaseError) -> DatabaseSnapshot {
        let connection = try await work(on: threads) { () throws(DatabaseError) in try BulkConnection(configuration) }
        let snapshot = DatabaseSnapshot(
            connection, deadline: deadline, threads: threads, cancelThreads: cancelThreads)
        let milliseconds = max(1, (deadline - .now()).nanoseconds / 1_000_000)
        _ = try await snapshot.execute(command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        _ = try await snapshot.execute(
            command("SELECT set_config('statement_timeout', $1, true)", ["\(milliseconds)"]))
        return snapshot
    }

    private static func command(_ text: String, _ parameters: [SQLParameter] = []) -> SQLCommand {
        SQLCommand(SQLStatement(name: nil, text: text), parameters)
    }

    /// Runs one statement.
    package func execute(_ command: SQLCommand) async throws(DatabaseError) -> Rows {
        try await call { connection, deadline throws(DatabaseError) in try connection.run(command, until: deadline) }
    }

    /// Starts `COPY … TO STDOUT`. All of it must be read before the next statement.
    ///
    /// COPY takes no parameters: what varies comes from settings of the transaction.
    package func copy(
        _ text: String, lineEnd: CopyReader.LineEnd = .lineFeed
    ) async throws(DatabaseError) -> CopyReader {
        try await call { connection, deadline throws(DatabaseError) in
            try connection.beginCopy(text, until: deadline)
        }
        return CopyReader(self, lineEnd: lineEnd)
    }

    func readCopy(
        bytesMin: Int, lineEnd: CopyReader.LineEnd
    ) async throws(DatabaseError) -> (piece: CopyReader.Piece, isLast: Bool) {
        try await call { connection, deadline throws(DatabaseError) in
            var buffer = ByteBufferAllocator().buffer(capacity: bytesMin + bytesMin / 4)
            let (rows, isLast) = try connection.readCopy(
                into: &buffer, bytesMin: bytesMin, lineEnd: lineEnd, until: deadline)
            return (CopyReader.Piece(bytes: buffer, rows: rows), isLast)
        }
    }

    /// Ends the connection: nothing was written, so there is nothing to keep.
    func end() async {
        cancelThreads.submit { [connection] _ in connection.finish() }
    }

    private func call<Value: Sendable>(
        _ body: @escaping @Sendable (BulkConnection, NIODeadline) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        let (connection, deadline, threads) = (connection, deadline, threads)
        let outcome = await withTaskCancellationHandler {
            await Self.outcome(on: threads) { () throws(DatabaseError) in try body(connection, deadline) }
        } onCancel: {
            cancelThreads.submit { _ in connection.cancel() }
        }
        return try outcome.get()
    }

    private static func work<Value: Sendable>(
        on threads: NIOThreadPool, _ body: @escaping @Sendable () throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await outcome(on: threads, body).get()
    }

    private static func outcome<Value: Sendable>(
        on threads: NIOThreadPool, _ body: @escaping @Sendable () throws(DatabaseError) -> Value
    ) async -> Result<Value, DatabaseError> {
        await withCheckedContinuation { continuation in
            threads.submit { state in
                guard case .active = state else {
                    let error = DatabaseError(.unavailable, detail: "the database was closed")
                    return continuation.resume(returning: .failure(error))
                }
                continuation.resume(returning: Result(catching: body))
            }
        }
    }
}
