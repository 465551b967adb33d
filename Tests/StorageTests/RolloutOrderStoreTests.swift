import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

/// The rows of rollouts as an operator writes them.
struct RolloutOrderStoreTests {
    private static func with(
        _ test: (_ installation: TestInstallation, _ store: OperatorStore) async throws -> Void
    ) async throws {
        try await TestInstallation.make { installation in
            try await TestInstallation.withDatabase(installation.place, as: .owner) { owner in
                try await test(
                    installation, OperatorStore(database: owner, clock: SystemClock(), observer: SilentObserver()))
            }
        }
    }

    private func hs() throws -> PluginID { try #require(PluginID("hs")) }

    private func package(_ version: String) throws -> PackageVersion {
        PackageVersion(version: try #require(SemanticVersion(version)), digest: "digest of \(version)")
    }

    private func rolling(_ percent: Int) throws -> Rollout {
        Rollout(
            plugin: try hs(), stable: try package("1.0.0"), candidate: try package("1.1.0"),
            previous: try package("0.9.0"), percent: percent, businesses: [BusinessID(UUID()), BusinessID(UUID())],
            state: .rolling, reason: "it's \"new\"")
    }

    @Test func `a row is read as it was written, and only whoever saw the last revision changes it`() async throws {
        try await Self.with { installation, store in
            let first = try rolling(10)
            #expect(try await store.write(first, after: nil) == 1)
            #expect(try await store.write(first, after: nil) == nil, "there is one")
            let read = try #require(try await store.desiredPlugins()[hs()])
            #expect((read.stable, read.candidate, read.previous) == (first.stable, first.candidate, first.previous))
            #expect((read.percent, read.businesses, read.reason) == (10, first.businesses, first.reason))
            #expect(try await RolloutStore(database: installation.database).desired()[hs()] == read)

            #expect(try await store.write(rolling(20), after: read) == 2)
            #expect(try await store.write(rolling(30), after: read) == nil, "somebody else was sooner")
            let now = try #require(try await store.rolloutOverview().desired[hs()])
            #expect((now.percent, now.revision) == (20, 2))
            let settled = Rollout(plugin: try hs(), stable: try package("1.1.0"), reason: "promoted")
            #expect(try await store.write(settled, after: now) == 3)
            #expect(try await store.desiredPlugins()[hs()]?.candidate == nil)
        }
    }

    @Test func `a business is pinned to one version at a time, and unpinned once`() async throws {
        try await Self.with { _, store in
            _ = try await store.write(rolling(10), after: nil)
            let business = BusinessID(UUID())
            for version in ["1.0.0", "1.1.0"] {
                try await store.pin(PluginPin(business: business, plugin: hs(), package: package(version)))
            }
            let pins = try await store.desiredPlugins().pins
            #expect(try pins == [PluginPin(business: business, plugin: hs(), package: package("1.1.0"))])
            #expect(try await store.unpin(business, from: hs()))
            #expect(try await !store.unpin(business, from: hs()))
            #expect(try await store.desiredPlugins().pins.isEmpty)
            await #expect(throws: Problem.self) {
                let core = try #require(PluginID("core"))
                try await store.pin(PluginPin(business: business, plugin: core, package: package("1.0.0")))
            }
        }
    }

    @Test func `a business is found by its id, and only by it`() async throws {
        try await Self.with { installation, store in
            let firm = try await installation.signUp("pins@example.com")
            #expect(try await store.name(of: firm.grant.business) == "Firm of pins@example.com")
            #expect(try await store.name(of: BusinessID(UUID())) == nil)
        }
    }
}
