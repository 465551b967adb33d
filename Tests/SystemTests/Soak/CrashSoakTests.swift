import Foundation
import HostModel
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

/// A plugin ends a host every two seconds, below load on the others, until the crash rule has taken out each of its
/// versions.
struct CrashSoakTests {
    private static let connectionCount = 16
    private static let pause: Duration = .seconds(2)
    private static let traps = ["trapIndex", "pokePointer", "failFatally", "overflowStack", "abortNow"]

    @Test func `crash after crash fails what was in flight there, and nothing once the code is out`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        #expect(try place.publish("hs", library: "libHomeServicesPlugin.so").code == 0)
        #expect(try place.run("plugin", "install", place.path("hs")).code == 0)
        for number in 0..<Soak.crashVersions { try MisbehavingPlugin.install("1.\(number).0", in: place) }
        let port = try await ThorbisServer.freePort()
        let server = try await place.serve(["THORBIS_HOSTS": "2", "THORBIS_PORT": "\(port)"])
        let firm = try await Firm.signUp(at: server.baseURL)
        let orders = try await OrderLoad(firm, connectionCount: Self.connectionCount)
        let load = SoakLoad(client: firm.client, connectionCount: Self.connectionCount) { try await orders.ask($0, $1) }

        let times = Mutex<[Duration]>([])
        let crashes = try await load.during {
            for turn in 0..<(3 * Soak.crashVersions) {
                let tick = ContinuousClock.now + Self.pause
                let time = try await Self.crash(firm, trap: Self.traps[turn % Self.traps.count])
                times.withLock { $0.append(time) }
                try await Task.sleep(until: tick, clock: .continuous)
            }
        }
        let all = times.withLock { $0 }
        Soak.report(
            "plugin crashes", "\(all.count) in a row, one every 2 s, two hosts, \(Self.connectionCount) connections",
            "next answer after \(Soak.spread(all))", crashes)
        #expect(crashes.failures.keys.filter { $0.first?.isNumber == true || $0 == "no connection" } == [])
        #expect(crashes.failed <= all.count * Self.connectionCount)

        // The rule has taken out every version: nothing of the plugin runs, and nobody else notices.
        let list = try await place.detached("plugin", "list").output
        #expect(list.components(separatedBy: "3 crashes within 10 minutes").count > Soak.crashVersions, "\(list)")
        let after = try await load.during {
            for trap in Self.traps + Self.traps {
                let refused = try await firm.client.post("\(MisbehavingPlugin.root)/\(trap.lowercased())", [:])
                #expect(refused.status == 503 && refused.code == "plugin_quarantined", "\(refused.text)")
            }
        }
        Soak.report("plugin crashes", "after the last quarantine", "the plugin is out, the others answer", after)
        #expect(after.failures == [:])
        #expect(after.answered > 0)
        #expect(try await server.stop() == 0)
    }

    /// Has the plugin end the host that takes the request, on connections of its own.
    ///
    /// - Returns: From the moment that the connection broke to the next answer of whoever is there.
    private static func crash(_ firm: Firm, trap: String) async throws -> Duration {
        let path = "\(MisbehavingPlugin.root)/\(trap.lowercased())"
        // While one version is taken out and the next one comes, the plugin may be away for a moment.
        let end = try await eventually(within: .seconds(60)) {
            let connection = LoadConnection(firm.client)
            do {
                let answer = try await connection.send(.POST, path, [:])
                await connection.close()
                #expect(answer.status == 503, "\(answer.text)")
                return nil as ContinuousClock.Instant?
            } catch {
                return ContinuousClock.now
            }
        }
        while true {
            let connection = LoadConnection(firm.client)
            let answer = try? await connection.send(.GET, "\(Firm.core)/items?limit=1")
            let time = ContinuousClock.now - end
            await connection.close()
            if answer?.status == 200 { return time }
        }
    }
}
