import HostModel
import HostPostgres
import Testing

/// A table with one row, locked by a transaction for as long as the body runs.
func withLockedRow<T: Sendable>(
    configure: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: @Sendable (Database, _ release: Gate) async throws -> T
) async throws -> T {
    try await withDatabase(configure: configure) { database in
        try await database.run(.plain("CREATE TABLE t (n int)"), .plain("INSERT INTO t VALUES (0)"))
        let (locked, release) = (Gate(), Gate())
        async let holder: Void = database.transaction(deadline: .seconds(30)) { transaction in
            _ = try await transaction.execute(.plain("SELECT FROM t FOR UPDATE"))
            locked.open()
            await release.wait()
        }
        await locked.wait()
        do {
            let value = try await body(database, release)
            release.open()
            try await holder
            return value
        } catch {
            release.open()
            throw error
        }
    }
}

/// Waits until that many backends wait for a lock.
func waitForLocks(_ count: Int, in database: Database) async throws {
    let blocked =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while try await database.run(.plain(blocked))[0].text(0, 0) != "\(count)" { await Task.yield() }
}

struct ExclusiveLaneTests {
    private static let change = SQLCommand.plain("UPDATE t SET n = n + 1 RETURNING n")

    private func exclusive(
        _ command: SQLCommand, on database: Database, within deadline: Duration = .seconds(30)
    ) async throws(DatabaseError) -> [Rows] {
        try await database.run(DatabaseUnit([command], deadline: deadline, isExclusive: true))
    }

    @Test func `a unit that waits for a lock keeps no short read waiting`() async throws {
        try await withLockedRow { database, release in
            async let changed = exclusive(Self.change, on: database)
            try await waitForLocks(1, in: database)
            #expect(try await database.run(.plain("SELECT n FROM t"))[0].text(0, 0) == "0")
            release.open()
            #expect(try await changed[0].text(0, 0) == "1")
        }
    }

    @Test func `a unit that waits for a lock keeps no other exclusive one waiting`() async throws {
        try await withLockedRow { database, release in
            async let changed = exclusive(Self.change, on: database)
            try await waitForLocks(1, in: database)
            for number in 0..<10 {
                #expect(
                    try await exclusive(.prepared("SELECT $1", "\(number)"), on: database)[0].text(0, 0) == "\(number)")
            }
            release.open()
            _ = try await changed
        }
    }

    @Test func `units beyond the lanes wait in order, and a deadline ends the waiting`() async throws {
        try await withLockedRow(configure: { $0.exclusiveMax = 2 }) { database, release in
            async let first = exclusive(Self.change, on: database)
            async let second = exclusive(Self.change, on: database)
            try await waitForLocks(2, in: database)
            let error = await #expect(throws: DatabaseError.self) {
                try await exclusive(Self.change, on: database, within: .milliseconds(100))
            }
            #expect(error?.code == .deadlineExceeded)
            async let third = exclusive(Self.change, on: database)
            release.open()
            let numbers = try await [first, second, third].map { $0[0].text(0, 0) }
            #expect(Set(numbers) == ["1", "2", "3"])
        }
    }

    @Test func `one waiting unit too many is refused at once`() async throws {
        try await withLockedRow(configure: {
            $0.exclusiveMax = 1; $0.queueMax = 1
        }) { database, release in
            async let running = exclusive(Self.change, on: database)
            try await waitForLocks(1, in: database)
            let codes = await withTaskGroup(of: DatabaseError.Code?.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        do throws(DatabaseError) {
                            _ = try await exclusive(Self.change, on: database, within: .milliseconds(200))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == .queueFull } == 2)
            #expect(codes.count { $0 == .deadlineExceeded } == 1)
            release.open()
            _ = try await running
        }
    }

    @Test func `a lane that loses its connection comes back`() async throws {
        try await withDatabase(configure: { $0.exclusiveMax = 1 }) { database in
            let process = try await exclusive(.plain("SELECT pg_backend_pid()"), on: database)[0].text(0, 0)
            try await database.run(.plain("SELECT pg_terminate_backend($1::int)", process))
            // The first ones may still go to the connection that is being ended.
            var answer: String?
            while answer == nil { answer = try? await exclusive(.plain("SELECT 'back'"), on: database)[0].text(0, 0) }
            #expect(answer == "back")
        }
    }

    @Test func `a thousand at once each get their own answer`() async throws {
        try await withDatabase(loops: 2) { database in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    group.addTask {
                        try await exclusive(.prepared("SELECT $1", "\(number)"), on: database)[0].text(0, 0)
                            != "\(number)"
                    }
                }
                return try await group.reduce(into: 0) { count, isWrong in count += isWrong ? 1 : 0 }
            }
            #expect(wrong == 0)
        }
    }
}
