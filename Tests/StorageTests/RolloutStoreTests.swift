import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostStorage
import NIOPosix
import TestSupport
import Testing

/// The rows of rollouts, as hosts read and answer them.
struct RolloutStoreTests {
    private static let rolling = """
        INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, candidate_version, candidate_digest,
            percent, businesses, state)
        VALUES ('hs', '1.0.0', 'aa', '1.1.0', 'bb', 10, ARRAY['0190f3f0-0000-7000-8000-000000000001']::uuid[], 'rolling')
        """

    private static func with(
        _ test: (_ installation: TestInstallation, _ owner: Database, _ store: RolloutStore) async throws -> Void
    ) async throws {
        try await TestInstallation.make { installation in
            try await TestInstallation.withDatabase(installation.place, as: .owner) { owner in
                try await test(installation, owner, RolloutStore(database: installation.database))
            }
        }
    }

    private func hs() throws -> PluginID { try #require(PluginID("hs")) }

    @Test func `what is wanted is read, and every change of a row or a pin counts`() async throws {
        try await Self.with { _, owner, store in
            #expect(try await store.desired() == .nothing)
            _ = try await owner.ask(Self.rolling)
            let rollout = try #require(try await store.desired()[hs()])
            #expect(rollout.stable == PackageVersion(version: try #require(SemanticVersion("1.0.0")), digest: "aa"))
            #expect(rollout.canary?.digest == "bb")
            #expect(rollout.businesses.map(\.description) == ["0190f3f0-0000-7000-8000-000000000001"])
            #expect((rollout.percent, rollout.revision, rollout.state) == (10, 1, .rolling))
            #expect(rollout.previous == nil)

            _ = try await owner.ask("UPDATE thorbis.plugin_rollout SET percent = 50, revision = 1")
            #expect(try await store.desired()[hs()]?.revision == 2, "whatever the writer says")
            let pin = "INSERT INTO thorbis.plugin_pin VALUES ($1::uuid, 'hs', '0.9.0', 'cc')"
            let business = BusinessID(UUID())
            _ = try await owner.ask(pin, [business.description])
            let pinned = try await store.desired()
            #expect(pinned[try hs()]?.revision == 3)
            #expect(pinned.pins.map(\.business) == [business])
            #expect(pinned.pins.map(\.package.digest) == ["cc"])
            _ = try await owner.ask("DELETE FROM thorbis.plugin_pin")
            #expect(try await store.desired()[hs()]?.revision == 4)
        }
    }

    @Test func `every host hears of a change, whoever makes it`() async throws {
        try await Self.with { installation, owner, _ in
            let listener = Listener(
                configuration: installation.place.configuration(as: .app), channels: [RolloutStore.channel],
                group: .singleton)
            var heard = 0
            for await event in listener.events() {
                guard case .notification = event else {
                    _ = try await owner.ask(Self.rolling)
                    continue
                }
                heard += 1
                if heard == 1 { _ = try await owner.ask("UPDATE thorbis.plugin_rollout SET percent = 20") }
                if heard == 2 { _ = try await owner.ask("DELETE FROM thorbis.plugin_rollout") }
                if heard == 3 { break }
            }
            #expect(heard == 3)
        }
    }

    @Test func `a candidate is taken back once, and not when the row has changed`() async throws {
        try await Self.with { _, owner, store in
            _ = try await owner.ask(Self.rolling)
            #expect(try await !store.takeBack(hs(), revision: 2, reason: "too early"))
            #expect(try await !store.takeBack(#require(PluginID("core")), revision: 1, reason: "another"))
            let long = String(repeating: "é", count: 3_000)
            #expect(try await store.takeBack(hs(), revision: 1, reason: long))
            let row = try #require(try await store.desired()[hs()])
            #expect((row.state, row.revision, row.canary) == (.rolledBack, 2, nil))
            #expect(row.reason == String(repeating: "é", count: 2_000))
            #expect(try await !store.takeBack(hs(), revision: 2, reason: "twice"))
        }
    }

    @Test(arguments: [
        "UPDATE thorbis.plugin_rollout SET percent = 100", "UPDATE thorbis.plugin_rollout SET stable_version = '6.6.6'",
        "UPDATE thorbis.plugin_rollout SET candidate_digest = 'cc'", "UPDATE thorbis.plugin_rollout SET revision = 9",
        "UPDATE thorbis.plugin_rollout SET state = 'settled'", "UPDATE thorbis.plugin_rollout SET state = 'rolling'",
        "DELETE FROM thorbis.plugin_rollout", "TRUNCATE thorbis.plugin_rollout CASCADE",
        "INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, state) VALUES ('x', '1', '1', 'settled')",
        "INSERT INTO thorbis.plugin_pin VALUES ('0190f3f0-0000-7000-8000-000000000001', 'hs', '1.0.0', 'aa')",
        "SELECT FROM thorbis.plugin_schema", "SELECT thorbis.note_pin()",
    ])
    func `the host's role changes nothing else`(statement: String) async throws {
        try await Self.with { installation, owner, store in
            _ = try await owner.ask(Self.rolling)
            let before = try await store.desired()
            await #expect {
                _ = try await installation.database.ask(statement)
            } throws: { error in
                ["42501", "0A000"].contains((error as? DatabaseError)?.sqlState)
            }
            #expect(try await store.desired() == before)
        }
    }

    @Test func `one that was taken back isn't let in again by the host's role`() async throws {
        try await Self.with { installation, owner, store in
            _ = try await owner.ask(Self.rolling)
            #expect(try await store.takeBack(hs(), revision: 1, reason: "bad"))
            let rows = try await installation.database.ask(
                "UPDATE thorbis.plugin_rollout SET state = 'rolling' RETURNING plugin")
            #expect(rows.count == 0)
            #expect(try await store.desired()[hs()]?.state == .rolledBack)
        }
    }

    @Test func `what hosts say takes the place of what they said, and ends with them`() async throws {
        try await Self.with { _, owner, store in
            _ = try await owner.ask(Self.rolling)
            let (first, second) = (UUID(), UUID())
            func acknowledgement(_ host: UUID, _ revision: Int64) throws -> RolloutAcknowledgement {
                RolloutAcknowledgement(host: host, plugin: try hs(), revision: revision, outcome: .serves)
            }
            func figures(_ host: UUID, _ calls: Int64) throws -> RolloutFigures {
                RolloutFigures(
                    host: host, plugin: try hs(), revision: 1, digest: "bb", calls: calls, faults: 1,
                    buckets: [0, 2, calls == 7 ? 5 : 0], crashes: 0)
            }
            try await store.write([acknowledgement(first, 1)])
            #expect(try await store.overview().acknowledgements == [], "of a host that isn't there")
            let host = RolloutHost(id: first, node: "a:/data", pid: 41)
            #expect(try await store.beat(host))
            #expect(try await !store.beat(host), "its row is there")
            #expect(try await store.beat(RolloutHost(id: second, node: "b:/data", pid: 42)))
            try await store.write([acknowledgement(first, 1), acknowledgement(second, 1)])
            try await store.write([acknowledgement(first, 2)])
            try await store.write([figures(first, 3)])
            try await store.write([figures(first, 7), figures(second, 1)])
            let overview = try await store.overview()
            #expect(overview.hosts.map(\.node) == ["a:/data", "b:/data"])
            #expect(overview.hosts.map(\.pid) == [41, 42])
            #expect(overview.hosts.allSatisfy { !$0.isGone })
            #expect(
                Set(overview.acknowledgements) == [try acknowledgement(first, 2), try acknowledgement(second, 1)])
            #expect(Set(overview.figures) == [try figures(first, 7), try figures(second, 1)])
            #expect(overview.desired == (try await store.desired()))

            _ = try await owner.ask(
                "UPDATE thorbis.host SET seen_at = seen_at - interval '16 s' WHERE id = $1::uuid", [second.uuidString])
            #expect(try await store.overview().hosts.map(\.isGone) == [false, true])
            #expect(try await !store.beat(host))
            let left = try await store.overview()
            #expect(left.hosts.map(\.id) == [first])
            #expect(left.acknowledgements.map(\.host) == [first])
            #expect(left.figures.map(\.host) == [first])
            try await store.leave(first)
            #expect(try await store.overview().hosts == [])
        }
    }
}
