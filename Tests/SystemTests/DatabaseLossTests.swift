import Foundation
import HostModel
import Synchronization
import Testing

/// The database is killed under load: every request is answered, nothing acknowledged is lost, and it goes on.
struct DatabaseLossTests {
    /// What a load saw.
    private struct Seen {
        var created: [String] = []
        var statuses: Set<Int> = []
        var unavailableWithoutRetryAfter = 0
    }

    private final class Load: Sendable {
        let seen = Mutex(Seen())
        var createdCount: Int { seen.withLock(\.created.count) }
    }

    @Test func `a database that is killed is survived with 503, then goes on`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder)
        let firm = try await Firm.signUp(at: server.baseURL)
        let load = Load()
        let workers = (0..<8).map { worker in Task { await create(as: worker, firm, load) } }
        try await eventually(within: .seconds(60)) { load.createdCount > 50 ? true : nil }
        try killPostgres(below: folder)
        let before = load.createdCount
        let killed = ContinuousClock.now
        try await eventually(within: .seconds(60)) { load.createdCount > before + 50 ? true : nil }
        print("recovered \(ContinuousClock.now - killed) after the database was killed")
        for worker in workers { worker.cancel() }
        for worker in workers { await worker.value }
        let found = load.seen.withLock { $0 }
        #expect(found.statuses.isSubset(of: [201, 503]), "\(found.statuses)")
        #expect(found.unavailableWithoutRetryAfter == 0)
        for id in found.created {
            // Another loop's lane may still be on its way back; unavailable isn't lost.
            let status = try await eventually(within: .seconds(30)) {
                let status = try await firm.client.get("\(Firm.hs)/customers/\(id)").status
                return status == 503 ? nil : status
            }
            #expect(status == 200, "\(id) was acknowledged")
        }
        #expect(try await server.stop() == 0)
    }

    private func create(as worker: Int, _ firm: Firm, _ load: Load) async {
        while !Task.isCancelled {
            let name: JSONValue = .string("Load \(worker)")
            guard let answer = try? await firm.client.post("\(Firm.hs)/customers", ["display_name": name]) else {
                continue
            }
            load.seen.withLock { seen in
                seen.statuses.insert(answer.status)
                if answer.status == 201, let id = answer.json["id"]?.string { seen.created.append(id) }
                if answer.status == 503, answer.header("Retry-After") == nil { seen.unavailableWithoutRetryAfter += 1 }
            }
        }
    }

    /// Kills every server process of the cluster's postmaster's children, which makes PostgreSQL restart itself.
    private func killPostgres(below folder: URL) throws {
        let named = ProcessTable.naming(folder.lastPathComponent)
        let postmaster = try #require(named.first { ProcessTable.commandLine(of: $0).contains("postgres") })
        for child in ProcessTable.children(of: postmaster) { kill(child, SIGKILL) }
    }
}
