import HostModel
import HostPostgres
import Testing

struct LaneTests {
    private let echo = "SELECT $1::text"

    @Test func `a unit's answers come in the order of its commands`() async throws {
        try await withDatabase { database in
            let rows = try await database.run(.prepared(echo, "a"), .plain("SELECT 1, NULL"), .prepared(echo, nil))
            #expect(rows.count == 3)
            #expect(rows[0].text(0, 0) == "a")
            #expect(rows[1].text(0, 1) == nil)
            #expect(rows[1].bytes(0, 0) == [0x31])
            #expect(rows[2].isNull(0, 0))
        }
    }

    @Test(arguments: [1, 2]) func `ten thousand units at once each get their own answer`(loops: Int) async throws {
        try await withDatabase(loops: loops, configure: { $0.queueMax = 10_000 }) { database in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<10_000 {
                    group.addTask {
                        let rows = try await database.run(
                            .prepared("SELECT set_config('t.n', $1, true)", "\(number)"),
                            .prepared("SELECT current_setting('t.n')"))
                        return rows[1].text(0, 0) != "\(number)"
                    }
                }
                return try await group.reduce(into: 0) { count, isWrong in count += isWrong ? 1 : 0 }
            }
            #expect(wrong == 0)
        }
    }

    @Test func `an error in the middle takes down its own unit only`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let divisor = number % 3 == 1 ? "0" : "1"
                        do {
                            let rows = try await database.run(
                                .prepared("SELECT $1::text", "\(number)"),
                                .prepared("SELECT 1 / $1::int", divisor),
                                .prepared("SELECT 'after'"))
                            #expect(divisor == "1")
                            #expect(rows[0].text(0, 0) == "\(number)")
                        } catch let error as DatabaseError {
                            #expect(divisor == "0")
                            #expect(error.sqlState == "22012")
                            #expect(error.code == .refused)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a statement can be used again after its Parse was skipped`() async throws {
        try await withDatabase { database in
            for _ in 0..<3 {
                await #expect(throws: DatabaseError.self) {
                    try await database.run(.plain("SELECT 1 / 0"), .prepared(echo, "x"))
                }
            }
            for _ in 0..<3 {
                let rows = try await database.run(.prepared(echo, "x"))
                #expect(rows[0].text(0, 0) == "x")
            }
        }
    }

    @Test func `a refused statement stays refused and harms no other`() async throws {
        try await withDatabase { database in
            for _ in 0..<3 {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.run(.prepared("SELECT nothing FROM nowhere"))
                }
                #expect(error?.sqlState == "42P01")
            }
            let rows = try await database.run(.prepared(echo, "y"))
            #expect(rows[0].text(0, 0) == "y")
        }
    }

    @Test func `a change of a table doesn't break prepared statements`() async throws {
        try await withDatabase { database in
            try await database.run(.plain("CREATE TABLE t (a int)"), .plain("INSERT INTO t VALUES (1)"))
            for _ in 0..<2 { try await database.run(.prepared("SELECT * FROM t")) }
            try await database.run(.plain("ALTER TABLE t ADD COLUMN b text DEFAULT 'new'"))
            let rows = try await database.run(.prepared("SELECT * FROM t"))
            #expect(rows[0].text(0, 1) == "new")
        }
    }

    @Test func `a name whose text changes, as with another version of a plugin, means the text that is sent`()
        async throws
    {
        try await withDatabase { database in
            for turn in 0..<9 {
                let text = "SELECT 'version \(turn % 3)'"
                let command = SQLCommand(SQLStatement(name: "shop.loan.read", text: text), [])
                let rows = try await database.run(command, command)
                #expect(rows.map { $0.text(0, 0) } == ["version \(turn % 3)", "version \(turn % 3)"])
            }
            let names = try await database.run(.plain("SELECT count(*) FROM pg_prepared_statements"))
            #expect(names[0].text(0, 0) == "3", "a text that comes back is found again")
        }
    }

    @Test func `a constraint that fails at the end is the unit's own error`() async throws {
        try await withDatabase { database in
            try await database.run(
                .plain("CREATE TABLE t (a int CONSTRAINT t_a_key UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
            for _ in 0..<3 {
                async let good = database.run(.prepared(echo, "before"))
                async let bad = database.run(.prepared("INSERT INTO t VALUES (1), (1)"))
                async let after = database.run(.prepared(echo, "after"))
                #expect(try await good[0].text(0, 0) == "before")
                do {
                    _ = try await bad
                    Issue.record("two equal rows were kept")
                } catch let error as DatabaseError {
                    #expect(error.sqlState == "23505")
                    #expect(error.constraint == "t_a_key")
                }
                #expect(try await after[0].text(0, 0) == "after")
            }
        }
    }

    @Test func `more statements than are kept prepared go unnamed`() async throws {
        try await withDatabase(configure: { $0.preparedMax = 2 }) { database in
            for round in 0..<2 {
                for number in 0..<5 {
                    let rows = try await database.run(.prepared("SELECT \(number) + $1::int", "\(round)"))
                    #expect(rows[0].text(0, 0) == "\(number + round)")
                }
            }
            let names = try await database.run(.plain("SELECT count(*) FROM pg_prepared_statements"))
            #expect(names[0].text(0, 0) == "2")
        }
    }

    @Test func `parameters of several megabytes pass a full socket, among small ones`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        let size = number % 3 == 0 ? 5_000_000 + number : 10 + number
                        let text = String(repeating: "é", count: size)
                        let rows = try await database.run(.prepared("SELECT $1::text", text))
                        #expect(rows[0].text(0, 0) == text)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a zero character in a parameter is refused, not cut off`() async throws {
        try await withDatabase { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.run(.prepared(echo, "a\0b"))
            }
            #expect(error?.sqlState == "22021")
        }
    }

    @Test func `one unit too many is refused at once`() async throws {
        try await withDatabase(configure: { $0.queueMax = 2 }) { database in
            let codes = await withTaskGroup(of: DatabaseError.Code?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do throws(DatabaseError) {
                            try await database.run(.plain("SELECT pg_sleep(0.2)"))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == .queueFull } == 6)
            #expect(codes.count { $0 == nil } == 2)
        }
    }

    @Test func `a unit over its deadline is cancelled and its neighbours are answered`() async throws {
        try await withDatabase { database in
            async let slow = database.run(.plain("SELECT pg_sleep(60)"), within: .milliseconds(150))
            async let next = database.run(.prepared(echo, "next"))
            do {
                _ = try await slow
                Issue.record("the deadline passed unnoticed")
            } catch let error as DatabaseError {
                #expect(error.code == .deadlineExceeded)
            }
            #expect(try await next[0].text(0, 0) == "next")
        }
    }

    @Test func `cancels that come too late hit nobody`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        if number % 4 == 0 {
                            // About as long as its deadline, so that some cancels cross the answer.
                            _ = try? await database.run(.prepared("SELECT pg_sleep(0.02)"), within: .milliseconds(20))
                        } else {
                            let rows = try await database.run(.prepared("SELECT $1::text", "\(number)"))
                            #expect(rows[0].text(0, 0) == "\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
