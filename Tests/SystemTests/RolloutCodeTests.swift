import Crypto
import Foundation
import HostModel
import Testing

/// Two versions of a plugin's code that serve side by side, on the real binary.
struct RolloutCodeTests {
    @Test func `each business meets its version's code, and a crash is put down to the candidate alone`() async throws {
        let place = try await RolloutPlace()
        defer { place.remove() }
        try MisbehavingPlugin.install("1.0.0", in: place.publisher)
        let old = try Self.digest("1.0.0", in: place)
        let server = try await place.nodes[0].serve()
        let (tried, usual) = (try await Firm.signUp(at: server.baseURL), try await Firm.signUp(at: server.baseURL))
        try MisbehavingPlugin.install("1.1.0", in: place.publisher)
        let new = try Self.digest("1.1.0", in: place)
        try await place.operate(
            """
            INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, candidate_version,
                candidate_digest, state, businesses)
            VALUES ('bad', '1.0.0', '\(old)', '1.1.0', '\(new)', 'rolling', ARRAY['\(tried.businessID)']::uuid[])
            """)
        try await place.converged(1)
        for _ in 0..<3 { #expect(try await Self.ask("behave", tried, at: server) == 204) }
        #expect(try await Self.ask("behave", usual, at: server) == 204)
        // Read before the crash: with the host go its figures.
        let calls = try await eventually(within: .seconds(10)) {
            try await place.ask(Self.figures("calls", of: new)) == "3" ? place.ask(Self.figures("calls", of: old)) : nil
        }
        #expect(calls == "1", "each version has the calls of its businesses")
        let list = try await place.nodes[0].run("plugin", "list").output
        #expect(list.contains("bad 1.1.0 serves some businesses"), "\(list)")
        #expect(list.contains("bad 1.0.0 serves"), "\(list)")

        await #expect(throws: (any Error).self) { _ = try await Self.ask("trapIndex", tried, at: server) }
        try await eventually(within: .seconds(30)) {
            try await place.ask(Self.figures("crashes", of: new)) == "1" ? true : nil
        }
        #expect(try await place.ask(Self.figures("crashes", of: old)) == "0")
        for firm in [tried, usual] { #expect(try await Self.ask("behave", firm, at: server) == 204) }
        #expect(try await server.stop() == 0)
    }

    private static func ask(_ operation: String, _ firm: Firm, at server: ThorbisServer) async throws -> Int {
        try await HTTPClient(baseURL: server.baseURL, token: firm.client.token)
            .post("\(MisbehavingPlugin.root)/\(operation.lowercased())", [:]).status
    }

    /// Of the host that was seen last.
    private static func figures(_ column: String, of digest: String) -> String {
        "SELECT f.\(column)::text FROM thorbis.rollout_figures f JOIN thorbis.host h ON h.id = f.host "
            + "WHERE digest = '\(digest)' ORDER BY h.started_at DESC LIMIT 1"
    }

    /// Of the package that is installed.
    private static func digest(_ version: String, in place: RolloutPlace) throws -> String {
        let index = try Data(
            contentsOf: place.nodes[0].data.appending(path: "plugins/bad/\(version)/index.json"))
        return SHA256.hash(data: index).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
