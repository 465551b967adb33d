import Foundation
import HostModel
import HostPostgres
import Testing

/// What a business that keeps all its connections busy leaves to the others.
struct OverloadTests {
    /// Connections of one event loop that one business may have for its writes.
    private static let share = 4

    @Test func `a business that has its share of connections is refused, and others are served`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_WORKERS": "1"])
        let busy = try await Firm.signUp("Busy", at: server.baseURL)
        let quiet = try await Firm.signUp("Quiet", at: server.baseURL)
        let customer = try await busy.customer()
        let id = try #require(customer["id"]?.string)
        let path = "\(Firm.hs)/customers/\(id)"
        try await DatabaseDigest.withSuperuser(of: server) { database in
            let changes = try await database.transaction(deadline: .seconds(60)) { transaction in
                _ = try await transaction.execute(
                    Self.statement("SELECT FROM core.party WHERE id = '\(id)' FOR UPDATE"))
                let changes = (0..<Self.share).map { number in
                    Task { try await busy.client.patch(path, ["notes": .string("Change \(number)")], version: 1) }
                }
                try await Self.waitForLocks(Self.share, in: database)
                let refused = try await busy.client.post("\(Firm.hs)/customers", ["display_name": "One more"])
                #expect(refused.status == 503, "\(refused.text)")
                #expect(refused.code == "unavailable")
                #expect(refused.header("Retry-After") == "1")
                #expect(try await busy.client.get(path).status == 200, "short reads go on")
                _ = try await quiet.customer()
                return changes
            }
            var statuses: [Int] = []
            for change in changes { statuses.append(try await change.value.status) }
            #expect(statuses.sorted() == [200] + Array(repeating: 412, count: Self.share - 1))
        }
        _ = try await busy.customer("Served again")
        #expect(try await server.stop() == 0)
    }

    private static func statement(_ text: String) -> SQLCommand { SQLCommand(SQLStatement(name: nil, text: text), []) }

    private static func waitForLocks(_ count: Int, in database: Database) async throws {
        let blocked = statement(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'thorbis_app' AND wait_event_type = 'Lock'
            """)
        try await eventually(within: .seconds(30)) {
            let unit = DatabaseUnit([blocked], deadline: .seconds(30))
            return try await database.run(unit)[0].text(0, 0) == "\(count)" ? true : nil
        }
    }
}
