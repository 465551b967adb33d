import HostModel
import HostPostgres
import NIOCore
import NIOPosix
import TestSupport

/// A started ``Database`` on a fresh test database, closed when the body ends.
func withDatabase<T>(
    loops: Int = 1, configure: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> T
) async throws -> T {
    var configuration = try await TestDatabase.fresh().configuration(as: .owner)
    configure(&configuration)
    return try await withDatabase(configuration, loops: loops, body)
}

func withDatabase<T>(
    _ configuration: DatabaseConfiguration, loops: Int = 1, _ body: (Database) async throws -> T
) async throws -> T {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    let database = Database(configuration: configuration, group: group, observer: SilentObserver())
    do {
        try await database.start()
        let value = try await body(database)
        await database.close()
        try await group.shutdownGracefully()
        return value
    } catch {
        await database.close()
        try await group.shutdownGracefully()
        throw error
    }
}

extension SQLCommand {
    /// A statement that is kept prepared, under its own text as the name.
    static func prepared(_ text: String, _ parameters: SQLParameter...) -> SQLCommand {
        SQLCommand(SQLStatement(name: text, text: text), parameters)
    }

    static func plain(_ text: String, _ parameters: SQLParameter...) -> SQLCommand {
        SQLCommand(SQLStatement(name: nil, text: text), parameters)
    }
}

extension Database {
    /// Runs one unit with a generous deadline.
    @discardableResult
    func run(_ commands: SQLCommand..., within deadline: Duration = .seconds(30)) async throws(DatabaseError) -> [Rows]
    {
        try await run(DatabaseUnit(commands, deadline: deadline))
    }
}
