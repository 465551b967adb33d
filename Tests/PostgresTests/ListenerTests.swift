import HostModel
import HostPostgres
import NIOCore
import NIOPosix
import TestSupport
import Testing

struct ListenerTests {
    @Test func `a listener hears its channels, over a reconnect`() async throws {
        let configuration = try await TestDatabase.fresh().configuration(as: .superuser)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = Listener(configuration: configuration, channels: ["revoked"], group: group)
        try await withDatabase(configuration) { database in
            var events = listener.events().makeAsyncIterator()
            #expect(await events.next() == .listening)
            try await database.run(.plain("NOTIFY other, 'x'"))
            try await database.run(.plain("NOTIFY revoked, 'one'"))
            #expect(await events.next() == .notification(channel: "revoked", payload: "one"))
            try await database.run(
                .plain(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%'
                    """))
            #expect(await events.next() == .listening)
            try await database.run(.plain("NOTIFY revoked, 'two'"))
            #expect(await events.next() == .notification(channel: "revoked", payload: "two"))
        }
        try await group.shutdownGracefully()
    }
}
