import HostModel
import HostPostgres
import NIOCore
import TestSupport
import Testing

struct SnapshotTests {
    private func read(_ reader: CopyReader) async throws -> (text: String, rows: Int, pieces: Int) {
        var (text, rows, pieces) = ("", 0, 0)
        for try await piece in reader {
            text += String(buffer: piece.bytes)
            rows += piece.rows
            pieces += 1
        }
        return (text, rows, pieces)
    }

    private func failure<T>(_ body: () async throws -> T) async -> DatabaseError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? DatabaseError
        }
    }

    @Test func `rows come in pieces, in order and whole`() async throws {
        try await withDatabase { database in
            let text = "COPY (SELECT i FROM generate_series(1, 50000) i ORDER BY i) TO STDOUT"
            let copied = try await database.snapshot(deadline: .seconds(30)) { try await read(try await $0.copy(text)) }
            #expect(copied.rows == 50_000)
            #expect(copied.pieces > 3)
            #expect(copied.text == (1...50_000).map { "\($0)\n" }.joined())
        }
    }

    @Test func `lines may end as RFC 4180 wants`() async throws {
        try await withDatabase { database in
            let copied = try await database.snapshot(deadline: .seconds(30)) {
                try await read(
                    try await $0.copy("COPY (VALUES (1), (2)) TO STDOUT", lineEnd: .carriageReturnLineFeed))
            }
            #expect(copied.text == "1\r\n2\r\n")
        }
    }

    @Test func `no row is no piece, and the connection goes on`() async throws {
        try await withDatabase { database in
            try await database.snapshot(deadline: .seconds(30)) { snapshot in
                let copied = try await read(try await snapshot.copy("COPY (SELECT 1 WHERE false) TO STDOUT"))
                #expect(copied.pieces == 0)
                #expect(try await snapshot.execute(.plain("SELECT $1::text", "x")).text(0, 0) == "x")
            }
        }
    }

    @Test func `all of it sees one moment`() async throws {
        try await withDatabase { database in
            try await database.run(.plain("CREATE TABLE thing (n int)"))
            try await database.run(.plain("INSERT INTO thing VALUES (1)"))
            try await database.snapshot(deadline: .seconds(30)) { snapshot in
                _ = try await snapshot.execute(.plain("SELECT 1 FROM thing"))
                try await database.run(.plain("INSERT INTO thing VALUES (2)"))
                #expect(try await read(try await snapshot.copy("COPY (TABLE thing) TO STDOUT")).text == "1\n")
            }
        }
    }

    @Test func `it can't write`() async throws {
        try await withDatabase { database in
            try await database.run(.plain("CREATE TABLE thing (n int)"))
            let error = await failure {
                try await database.snapshot(deadline: .seconds(30)) {
                    try await $0.execute(.plain("INSERT INTO thing VALUES (1)"))
                }
            }
            #expect(error?.sqlState == "25006")
        }
    }

    @Test func `an error in the middle of a copy is the reader's`() async throws {
        try await withDatabase { database in
            let text = "COPY (SELECT 1 / (30000 - i) FROM generate_series(1, 40000) i) TO STDOUT"
            let error = await failure {
                try await database.snapshot(deadline: .seconds(30)) { try await read(try await $0.copy(text)) }
            }
            #expect(error?.sqlState == "22012")
        }
    }

    @Test func `a copy that isn't one is refused`() async throws {
        try await withDatabase { database in
            let error = await failure {
                try await database.snapshot(deadline: .seconds(30)) { try await $0.copy("COPY (SELECT 1) TO STDERR") }
            }
            #expect(error?.sqlState == "42601")
        }
    }

    @Test func `past its deadline it ends`() async throws {
        try await withDatabase { database in
            let error = await failure {
                try await database.snapshot(deadline: .milliseconds(200)) {
                    try await read(try await $0.copy("COPY (SELECT pg_sleep(20)) TO STDOUT"))
                }
            }
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test func `who leaves stops the server's work`() async throws {
        try await withDatabase { database in
            let working = """
                SELECT count(*)::text FROM pg_stat_activity
                WHERE query LIKE 'COPY (SELECT pg_sleep(%' AND state = 'active'
                """
            let reading = Task {
                try await database.snapshot(deadline: .seconds(30)) {
                    try await read(try await $0.copy("COPY (SELECT pg_sleep(20)) TO STDOUT"))
                }
            }
            while try await database.run(.plain(working))[0].text(0, 0) != "1" { await Task.yield() }
            reading.cancel()
            #expect(await failure { try await reading.value } != nil)
            while try await database.run(.plain(working))[0].text(0, 0) != "0" { await Task.yield() }
        }
    }

    @Test func `only so many at once`() async throws {
        try await withDatabase(configure: { $0.snapshotMax = 1 }) { database in
            try await database.snapshot(deadline: .seconds(30)) { _ in
                let error = await failure { try await database.snapshot(deadline: .seconds(30)) { _ in } }
                #expect(error?.code == .queueFull)
            }
            try await database.snapshot(deadline: .seconds(30)) { _ in }
        }
    }
}
