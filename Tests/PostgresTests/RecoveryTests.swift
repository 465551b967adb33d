import Foundation
import HostModel
import HostPostgres
import TestSupport
import Testing

struct RecoveryTests {
    /// Runs a unit until it is answered.
    private func recover(_ database: Database, within limit: Duration = .seconds(5)) async throws {
        let end = ContinuousClock.now + limit
        while true {
            do throws(DatabaseError) {
                try await database.run(.prepared("SELECT 1"))
                return
            } catch {
                try #require(error.code == .unavailable, "\(error)")
                try #require(ContinuousClock.now < end, "no recovery: \(error)")
                await Task.yield()
            }
        }
    }

    @Test func `a lane comes back after its connection was ended`() async throws {
        try await withDatabase { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.run(.plain("SELECT pg_terminate_backend(pg_backend_pid())"))
            }
            #expect(error?.code == .unavailable)
            try await recover(database)
        }
    }

    @Test func `a lane outlives a restart of the server under load`() async throws {
        let folder = "/tmp/thorbis-restart-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cluster = PrivateCluster(dataFolder: folder, settings: ["fsync": "off"])
        try await cluster.start()
        let configuration = DatabaseConfiguration(
            connectionString: cluster.connectionString(user: PrivateCluster.superuser, database: "postgres"))
        try await withDatabase(configuration) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        for turn in 0..<400 {
                            do throws(DatabaseError) {
                                let text = "\(number).\(turn)"
                                let rows = try await database.run(.prepared("SELECT $1::text", text))
                                #expect(rows[0].text(0, 0) == text)
                            } catch {
                                #expect(error.code == .unavailable)
                            }
                        }
                    }
                }
                await cluster.stop()
                try await cluster.start()
                try await group.waitForAll()
            }
            try await recover(database)
        }
        await cluster.stop()
    }

    @Test func `a database that isn't there is reported with its reason`() async throws {
        var configuration = DatabaseConfiguration(connectionString: "host=/nowhere user=nobody")
        configuration.connectTimeout = .milliseconds(100)
        let error = await #expect(throws: DatabaseError.self) {
            try await withDatabase(configuration) { _ in }
        }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("/nowhere") == true)
    }
}
