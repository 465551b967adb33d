import HostModel
import HostPostgres
import Testing

struct TransactionTests {
    private struct Changed: Error {}

    private func table(_ database: Database) async throws {
        try await database.run(.plain("CREATE TABLE t (a int PRIMARY KEY)"))
    }

    private func count(_ database: Database) async throws -> String? {
        let rows = try await database.run(.plain("SELECT count(*) FROM t"))
        return rows[0].text(0, 0)
    }

    @Test func `what a body did is kept when it returns`() async throws {
        try await withDatabase { database in
            try await table(database)
            let affected = try await database.transaction(deadline: .seconds(30)) { transaction in
                _ = try await transaction.execute(.prepared("INSERT INTO t VALUES ($1::int)", "1"))
                let rows = try await transaction.execute([
                    .prepared("INSERT INTO t VALUES ($1::int)", "2"), .plain("SELECT a FROM t ORDER BY a"),
                ])
                #expect(rows[1].text(1, 0) == "2")
                return rows[0].affected
            }
            #expect(affected == 1)
            #expect(try await count(database) == "2")
        }
    }

    @Test func `what a body did is undone when it throws`() async throws {
        try await withDatabase { database in
            try await table(database)
            await #expect(throws: Changed.self) {
                try await database.transaction(deadline: .seconds(30)) { transaction in
                    _ = try await transaction.execute(.plain("INSERT INTO t VALUES (1)"))
                    throw Changed()
                }
            }
            #expect(try await count(database) == "0")
        }
    }

    @Test func `an error that the body hides still ends the transaction`() async throws {
        try await withDatabase { database in
            try await table(database)
            await #expect(throws: DatabaseError.self) {
                try await database.transaction(deadline: .seconds(30)) { transaction in
                    _ = try await transaction.execute(.plain("INSERT INTO t VALUES (1)"))
                    _ = try? await transaction.execute(.plain("INSERT INTO t VALUES (1)"))
                    // Must not run outside the transaction either.
                    _ = try? await transaction.execute(.plain("INSERT INTO t VALUES (2)"))
                }
            }
            #expect(try await count(database) == "0")
        }
    }

    @Test func `a local setting is gone for the next transaction`() async throws {
        try await withDatabase(configure: { $0.poolSize = 1 }) { database in
            for _ in 0..<2 {
                let before = try await database.transaction(deadline: .seconds(30)) { transaction in
                    let rows = try await transaction.execute([
                        .plain("SELECT coalesce(current_setting('t.business', true), '')"),
                        .plain("SELECT set_config('t.business', 'b', true)"),
                    ])
                    return rows[0].text(0, 0)
                }
                #expect(before == "")
            }
        }
    }

    @Test func `transactions beyond the pool wait their turn, and those beyond the queue are refused`() async throws {
        try await withDatabase(configure: { ($0.poolSize, $0.poolQueueMax) = (2, 4) }) { database in
            let codes = await withTaskGroup(of: DatabaseError.Code?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do {
                            return try await database.transaction(deadline: .seconds(30)) { transaction in
                                _ = try await transaction.execute(.plain("SELECT pg_sleep(0.3)"))
                                return nil
                            }
                        } catch {
                            return (error as? DatabaseError)?.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } >= 4)
            #expect(codes.contains(.queueFull))
            #expect(codes.allSatisfy { $0 == nil || $0 == .queueFull })
        }
    }

    @Test func `a transaction over its deadline is undone and its connection replaced`() async throws {
        try await withDatabase(configure: { $0.poolSize = 1 }) { database in
            try await table(database)
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction(deadline: .milliseconds(200)) { transaction in
                    _ = try await transaction.execute(.plain("INSERT INTO t VALUES (1)"))
                    _ = try await transaction.execute(.plain("SELECT pg_sleep(60)"))
                }
            }
            #expect(error?.code == .deadlineExceeded)
            try await database.transaction(deadline: .seconds(30)) { transaction in
                _ = try await transaction.execute(.plain("INSERT INTO t VALUES (1)"))
            }
            #expect(try await count(database) == "1")
        }
    }
}
