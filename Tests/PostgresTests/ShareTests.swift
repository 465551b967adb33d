import Foundation
import HostModel
import HostPostgres
import Testing

/// What one owner's flood leaves to the others.
struct ShareTests {
    private static let change = SQLCommand.plain("UPDATE t SET n = n + 1 RETURNING n")
    private let busy = UUID()
    private let quiet = UUID()

    private func run(
        _ command: SQLCommand, of owner: UUID, isExclusive: Bool = true, waitMax: Duration? = nil, on database: Database
    ) async throws(DatabaseError) -> String? {
        let share = Share(owner: owner, waitMax: waitMax)
        let unit = DatabaseUnit([command], deadline: .seconds(30), isExclusive: isExclusive, share: share)
        return try await database.run(unit)[0].text(0, 0)
    }

    @Test func `an owner that has its share of the lanes leaves one to the others`() async throws {
        try await withLockedRow(configure: { ($0.exclusiveMax, $0.exclusiveShareMax, $0.lineGrace) = (3, 2, .zero) }) {
            database, release in
            async let first = run(Self.change, of: busy, on: database)
            async let second = run(Self.change, of: busy, on: database)
            try await waitForLocks(2, in: database)
            let error = await #expect(throws: DatabaseError.self) {
                try await run(.plain("SELECT 'more'"), of: busy, waitMax: .milliseconds(50), on: database)
            }
            #expect(error?.code == .queueFull, "it stood in line, though no deadline has passed")
            #expect(try await run(.plain("SELECT 'other'"), of: quiet, on: database) == "other")
            release.open()
            _ = try await (first, second)
            #expect(try await run(.plain("SELECT 'again'"), of: busy, on: database) == "again")
        }
    }

    @Test func `an owner that has its share of the pool leaves a connection to the others`() async throws {
        try await withDatabase(configure: { ($0.poolSize, $0.poolShareMax, $0.lineGrace) = (2, 1, .zero) }) {
            database in
            let (running, release) = (Gate(), Gate())
            let busyShare = Share(owner: busy, waitMax: .milliseconds(50))
            async let holder: Void = database.transaction(deadline: .seconds(30), share: busyShare) { _ in
                running.open()
                await release.wait()
            }
            await running.wait()
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction(deadline: .seconds(30), share: busyShare) { _ in }
            }
            #expect(error?.code == .queueFull)
            let quietShare = Share(owner: quiet, waitMax: .seconds(30))
            let other = try await database.transaction(deadline: .seconds(30), share: quietShare) { transaction in
                try await transaction.execute(.plain("SELECT 'other'")).text(0, 0)
            }
            #expect(other == "other")
            release.open()
            try await holder
            try await database.transaction(deadline: .seconds(30), share: busyShare) { _ in }
        }
    }

    @Test func `on a shared lane a quiet owner's unit passes a flood that came before it`() async throws {
        try await withDatabase(configure: { $0.windowMax = 1 }) { database in
            // Numbers are given in the order in which the server runs the units.
            try await database.run(.plain("CREATE SEQUENCE place"))
            let slowly = SQLCommand.plain("SELECT nextval('place') FROM pg_sleep(0.005)")
            let place = SQLCommand.plain("SELECT nextval('place')")
            let isOver = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        while !isOver.isOpen { _ = try await run(slowly, of: busy, isExclusive: false, on: database) }
                    }
                }
                // Once 200 have run, about 49 stand in line at any time.
                while Int(try await run(place, of: quiet, on: database) ?? "") ?? 0 < 200 { await Task.yield() }
                let before = Int(try await run(place, of: quiet, on: database) ?? "") ?? 0
                let own = Int(try await run(place, of: quiet, isExclusive: false, on: database) ?? "") ?? 0
                isOver.open()
                #expect(own > before && own - before < 25, "\(own - before - 1) ran before it")
                try await group.waitForAll()
            }
        }
    }

    @Test func `beyond the window a thousand units each get their own answer`() async throws {
        try await withDatabase(loops: 2, configure: { $0.windowMax = 4 }) { database in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    let owner = number % 3 == 0 ? busy : quiet
                    group.addTask {
                        let answer = try await run(
                            .prepared("SELECT $1", "\(number)"), of: owner, isExclusive: false, on: database)
                        return answer != "\(number)"
                    }
                }
                return try await group.reduce(into: 0) { count, isWrong in count += isWrong ? 1 : 0 }
            }
            #expect(wrong == 0)
        }
    }
}
