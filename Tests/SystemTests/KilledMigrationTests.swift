import Foundation
import HostModel
import HostPostgres
import TestSupport
import Testing

/// `thorbis db migrate` on a database with records, as a process that is killed.
struct KilledMigrationTests {
    /// More runs than the change has steps.
    private static let runsMax = 60

    @Test func `a migration that is killed again and again goes on and ends in the same schema and records`()
        async throws
    {
        let whole = try await MigratedShop.make()
        #expect(try whole.migrate().code == 0)
        let expected = try await whole.state()
        #expect(expected.records == ["20000 20000 20000"])

        let killed = try await MigratedShop.make()
        var kills = 0
        while try killed.migrate(killedAfter: kills + 1) {
            kills += 1
            try #require(kills < Self.runsMax)
        }
        #expect(kills >= 4)
        #expect(try await killed.state() == expected)
    }

    @Test func `of two migrations at once one waits, and both end well`() async throws {
        let shop = try await MigratedShop.make()
        let first = try shop.start()
        let second = try shop.start()
        let outputs = [first, second].map { run in
            String(decoding: run.output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        for run in [first, second] {
            run.process.waitUntilExit()
            #expect(run.process.terminationStatus == 0)
        }
        for output in outputs { #expect(output.hasSuffix("the database is up to date\n"), "\(output)") }
        let builds = outputs.flatMap { $0.split(separator: "\n") }.filter {
            $0.contains("build index ticket_title_key")
        }
        #expect(builds.count == 1, "\(outputs)")
    }
}

/// A database with twenty thousand records of a manifest, and a changed manifest to migrate it to.
private struct MigratedShop {
    let place: TestDatabase
    let manifests: URL

    static func make() async throws -> MigratedShop {
        let folder = ThorbisServer.temporaryFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let shop = MigratedShop(place: try await TestDatabase.fresh(), manifests: folder)
        let texts = try ShopManifest.texts("many_at_once")
        try shop.write(texts.before)
        #expect(try shop.migrate().code == 0)
        try await shop.place.connected(as: .superuser) { database in
            for statement in records { _ = try await database.run(unit(statement)) }
        }
        // Filling a default in is what takes several transactions.
        try shop.write(texts.after.replacing("was: note}", with: "was: note, default: none}"))
        return shop
    }

    private static let records = [
        """
        INSERT INTO businesses.business (id, name, industry, currency, time_zone, country)
        SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'Shop', 'shop', 'USD', 'UTC', 'US'
        FROM generate_series(1, 4) n
        """,
        """
        INSERT INTO shop.ticket (business_id, id, created_by, updated_by, title)
        SELECT b.id, gen_random_uuid(), b.id, b.id, 'Ticket ' || n
        FROM businesses.business b, generate_series(1, 5000) n
        """,
    ]

    private func write(_ yaml: String) throws {
        try yaml.write(to: manifests.appending(path: "shop.yaml"), atomically: true, encoding: .utf8)
    }

    private var command: Command {
        Command(
            arguments: ["db", "migrate"],
            environment: [
                "DATABASE_URL": place.connectionString(as: .superuser), "THORBIS_MANIFESTS": manifests.path(),
                "THORBIS_DATA": manifests.appending(path: "data").path(),
            ])
    }

    func start() throws -> (process: Process, output: Pipe) { try command.start() }

    func migrate() throws -> Command.Result { try command.run() }

    /// Kills the process as it begins the step of that number.
    ///
    /// - Returns: False when it came to its end first, which must be a good one.
    func migrate(killedAfter lines: Int) throws -> Bool {
        let run = try start()
        var text = ""
        while true {
            let piece = run.output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            text += String(decoding: piece, as: UTF8.self)
            if text.count(where: { $0 == "\n" }) >= lines, !text.contains("up to date") {
                kill(run.process.processIdentifier, SIGKILL)
                run.process.waitUntilExit()
                return true
            }
        }
        run.process.waitUntilExit()
        try #require(run.process.terminationStatus == 0, "\(text)")
        return false
    }

    struct State: Equatable {
        var schema: [String] = []
        /// How many there are, how many titles differ, and how many got the default, once.
        var records: [String] = []
    }

    func state() async throws -> State {
        var state = State()
        try await place.connected(as: .superuser) { database in
            state.schema = try await Self.texts(database, SchemaText.statement("shop"))
            state.records = try await Self.texts(
                database,
                """
                SELECT count(*) || ' ' || count(DISTINCT (business_id, title)) || ' '
                    || count(*) FILTER (WHERE remark = 'none' AND version = 2)
                FROM shop.ticket
                """)
        }
        return state
    }

    private static func texts(_ database: Database, _ text: String) async throws -> [String] {
        let rows = try await database.run(unit(text))[0]
        return (0..<rows.count).map { rows.text($0, 0) ?? "" }
    }

    private static func unit(_ text: String) -> DatabaseUnit {
        DatabaseUnit([SQLCommand(SQLStatement(name: nil, text: text), [])], deadline: .seconds(60))
    }
}
