import Foundation
import HostJobs
import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

/// Jobs that are filled oddly, die in the middle, or belong to somebody else.
struct ImportJobTests {
    @Test func `a part that comes again is taken when it is the same, and refused when it isn't`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name\n")
            let rest = Array("Ann\n".utf8)
            try await fixture.store.append(rest, at: 13, to: id, in: fixture.firm.scope)
            try await fixture.store.append(rest, at: 13, to: id, in: fixture.firm.scope)
            for (bytes, offset) in [("Bob\n", 13), ("Bob\n", 99), ("Ann\n", 12)] as [(String, Int64)] {
                let refused = await problem {
                    try await fixture.store.append(Array(bytes.utf8), at: offset, to: id, in: fixture.firm.scope)
                }
                #expect(refused?.code == .uploadOffset)
                #expect(refused?.members["expected_offset"] == 17)
            }
            #expect(try await fixture.run(id).tally == "1/0/0/0")
            let late = await problem { try await fixture.store.append(rest, at: 17, to: id, in: fixture.firm.scope) }
            #expect(late?.code == .conflict)
        }
    }

    @Test func `a job whose runner died is gone on with, and no row is written twice`() async throws {
        try await ImportFixture.make { fixture in
            let rows = (1...2_300).map { "Row \($0)" }.joined(separator: "\n")
            let id = try await fixture.uploaded("display_name\n\(rows)\n")
            try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope)
            // Claimed by a host that dies at once: nobody gets the job before the lease has ended.
            _ = try #require(try await fixture.installation.storage.importQueue.claim())
            #expect(await fixture.runner.step() == false)
            try await endLease(fixture)
            for _ in 0..<2 {
                let before = try await fixture.job(id)["rows_done"]?.int ?? 0
                let work = Task { await fixture.runner.step() }
                try await until { try await fixture.job(id)["rows_done"]?.int ?? 0 > before }
                work.cancel()
                #expect(await work.value)
            }
            while await fixture.runner.step() {}
            let job = try await fixture.job(id)
            #expect(job["status"] == "done")
            #expect(job.tally == "2300/0/0/0")
            #expect(try await fixture.partyCount == 2_300)
        }
    }

    @Test func `two runners at once share no job`() async throws {
        try await ImportFixture.make { fixture in
            let rows = (1...1_200).map { "Row \($0)" }.joined(separator: "\n")
            let id = try await fixture.uploaded("display_name\n\(rows)\n")
            try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope)
            try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope)
            async let first = fixture.runner.step()
            async let second = fixture.runner.step()
            #expect(await [first, second].filter(\.self).count == 1)
            #expect(try await fixture.job(id).tally == "1200/0/0/0")
            #expect(try await fixture.partyCount == 1_200)
        }
    }

    @Test func `a job that never gets on is given up`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name\nAnn\n")
            try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope)
            for _ in 0..<ImportBounds.attemptsMax {
                _ = try #require(try await fixture.installation.storage.importQueue.claim())
                try await endLease(fixture)
            }
            #expect(await fixture.runner.step())
            #expect(try await fixture.job(id)["failure"]?["code"] == "import_given_up")
        }
    }

    @Test func `a cancelled job is written no further`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name\nAnn\n")
            try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope)
            let claimed = try #require(try await fixture.installation.storage.importQueue.claim())
            try await fixture.store.cancel(id, in: fixture.firm.scope)
            #expect(try await fixture.installation.storage.importQueue.validating(claimed, bytes: 1) == false)
            while await fixture.runner.step() {}
            #expect(try await fixture.job(id)["status"] == "cancelled")
            #expect(try await fixture.partyCount == 0)
            let again = await problem { try await fixture.store.start(id, isDryRun: nil, in: fixture.firm.scope) }
            #expect(again?.code == .conflict)
        }
    }

    @Test func `another business finds no job, no fault and no row`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name,email\nAnn,x\n")
            _ = try await fixture.run(id)
            let other = try await fixture.installation.signUp("bob@example.com").scope
            let store = fixture.store
            let refusals = [
                await problem { _ = try await store.read(id, in: other) },
                await problem { try await store.append([1], at: 0, to: id, in: other) },
                await problem { try await store.start(id, isDryRun: nil, in: other) },
                await problem { try await store.cancel(id, in: other) },
            ]
            #expect(refusals.map { $0?.code } == Array(repeating: .notFound, count: 4))
            #expect(try await store.faults(of: id, limit: 10, cursor: nil, in: other).records.isEmpty)
            #expect(try await store.badRows(of: id, after: 0, in: other).isEmpty)
            #expect(try await store.list(["core.party"], limit: 10, cursor: nil, in: other).records.isEmpty)
        }
    }

    @Test func `faults come in pages, and bad rows as they stand in the file`() async throws {
        try await ImportFixture.make { fixture in
            let rows = (1...25).map { $0 % 2 == 0 ? "Row \($0),fine@example.com" : "Row \($0),\"bad, \"\"x\"\"\"" }
            let id = try await fixture.uploaded("display_name,email\r\n" + rows.joined(separator: "\r\n"))
            #expect(try await fixture.run(id).tally == "12/0/0/13")
            var numbers: [Int64] = []
            var cursor: String?
            repeat {
                let page = try await fixture.store.faults(of: id, limit: 5, cursor: cursor, in: fixture.firm.scope)
                numbers += try page.records.compactMap { try JSONParser.parse($0.bytes)["row"]?.int }
                cursor = page.nextCursor
            } while cursor != nil
            #expect(numbers == stride(from: 1, through: 25, by: 2).map { Int64($0) })
            let all = try await fixture.store.badRows(of: id, after: 0, in: fixture.firm.scope)
            #expect(all.map(\.number) == stride(from: 1, through: 25, by: 2).map { Int64($0) })
            let bad = try await fixture.store.badRows(of: id, after: 23, in: fixture.firm.scope)
            #expect(bad.map { String(decoding: $0.bytes, as: UTF8.self) } == ["Row 25,\"bad, \"\"x\"\"\""])
            #expect(bad.first?.message.hasPrefix("email: ") == true)
        }
    }

    @Test func `files are thrown away a week after their import`() async throws {
        try await ImportFixture.make { fixture in
            let id = try await fixture.uploaded("display_name\nAnn\n")
            _ = try await fixture.run(id)
            let queue = fixture.installation.storage.importQueue
            #expect(try await queue.forgetOutdatedFile() == false)
            try await TestInstallation.withDatabase(fixture.installation.place, as: .superuser) { database in
                _ = try await database.ask("UPDATE imports.job SET finished_at = now() - interval '8 days'")
            }
            #expect(try await queue.forgetOutdatedFile())
            #expect(try await fixture.job(id)["has_file"] == false)
            #expect(try await fixture.ask("SELECT count(*)::text FROM imports.chunk") == ["0"])
        }
    }

    private func endLease(_ fixture: ImportFixture) async throws {
        try await TestInstallation.withDatabase(fixture.installation.place, as: .superuser) { database in
            _ = try await database.ask("UPDATE imports.job SET lease_until = now() - interval '1 second'")
        }
    }

    /// Waits for a condition, at most ten seconds.
    private func until(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while try await !condition() {
            try #require(ContinuousClock.now < end, "nothing within ten seconds")
            await Task.yield()
        }
    }
}
