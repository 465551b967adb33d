import Foundation
import HostModel
import Testing

/// Versions that are rolled out to all hosts of a database, on two supervisors with data folders of their own.
struct RolloutTests {
    private static let loans = "/api/lend/app/v1/loans"

    /// Which version of `lend` answers: the later one has a `note`.
    private static func version(of firm: Firm, at server: ThorbisServer) async throws -> String {
        let client = HTTPClient(baseURL: server.baseURL, token: firm.client.token)
        let answer = try await client.post(loans, ["tool": "drill", "note": "new"])
        switch answer.status {
        case 201: return "1.1.0"
        case 422: return "1.0.0"
        default: return "\(answer.status) \(answer.text)"
        }
    }

    private static func versions(of firms: [Firm], at server: ThorbisServer) async throws -> [String] {
        var versions: [String] = []
        for firm in firms { versions.append(try await version(of: firm, at: server)) }
        return versions
    }

    @Test func `a rollout, its canary, promotion, rollback and a pin converge on all hosts`() async throws {
        let place = try await RolloutPlace()
        defer { place.remove() }
        let old = try await place.install("1.0.0", hasNote: false)
        let servers = try await place.serve()
        var firms: [Firm] = []
        for _ in 0..<8 { firms.append(try await Firm.signUp(at: servers[0].baseURL)) }
        func expect(_ versions: [String]) async throws {
            // Again and again, and on either node: a business is never between two versions.
            for _ in 0..<2 {
                for server in servers { #expect(try await Self.versions(of: firms, at: server) == versions) }
            }
        }
        let new = try await place.install("1.1.0", hasNote: true)
        #expect(try await place.nodes[0].run("db", "migrate").code == 0)
        let stable = Array(repeating: "1.0.0", count: firms.count)
        try await expect(stable)

        // To one by name. The row wins over what is active on the nodes, which is 1.1.0 since it was installed.
        try await place.operate(
            """
            INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, candidate_version,
                candidate_digest, state, businesses)
            VALUES ('lend', '1.0.0', '\(old)', '1.1.0', '\(new)', 'rolling', ARRAY['\(firms[0].businessID)']::uuid[])
            """)
        try await place.converged()
        try await expect(["1.1.0"] + stable.dropFirst())
        let list = try await place.nodes[1].run("plugin", "list").output
        #expect(list.contains("lend 1.1.0 serves some businesses"), "\(list)")

        let reloaded = try await place.nodes[1].run("plugin", "reload")
        #expect(reloaded.code == 0, "\(reloaded.output)")
        #expect(reloaded.output.contains("note: lend 1.1.0 is in use here, and yet 1.0.0 serves"), "\(reloaded.output)")
        try await expect(["1.1.0"] + stable.dropFirst())

        // A forged claim chooses routes, and nothing more.
        let claim = Data(#"{"bid":"\#(firms[0].businessID)"}"#.utf8).base64EncodedString()
            .replacing("=", with: "")
        let forger = HTTPClient(baseURL: servers[1].baseURL, token: "e30.\(claim).c2ln")
        #expect(try await forger.get(Self.loans).status == 401)
        #expect(try await forger.post(Self.loans, ["tool": "drill", "note": "new"]).status == 401)

        // A restart while it rolls: the tables stay those of the candidate, and the host serves both at once.
        #expect(try await servers[1].stop() == 0)
        let again = try await place.nodes[1].serve()
        #expect(try await Self.versions(of: firms, at: again) == ["1.1.0"] + stable.dropFirst())
        let contract = try await place.nodes[0].run("db", "migrate", "--contract")
        #expect(contract.code == 1)
        #expect(contract.output.contains("a candidate of lend is being rolled out"), "\(contract.output)")

        let nodes = [servers[0], again]
        try await place.operate("UPDATE thorbis.plugin_rollout SET percent = 50")
        try await place.converged()
        let share = try await Self.versions(of: firms, at: nodes[0])
        #expect(share[0] == "1.1.0")
        for server in nodes { #expect(try await Self.versions(of: firms, at: server) == share) }
        // The figures of both versions are there, by every host.
        try await eventually(within: .seconds(10)) {
            try await place.ask("SELECT count(DISTINCT (host, digest))::text FROM thorbis.rollout_figures") == "4"
                ? true : nil
        }

        try await place.operate(
            """
            UPDATE thorbis.plugin_rollout SET stable_version = '1.1.0', stable_digest = '\(new)',
                previous_version = '1.0.0', previous_digest = '\(old)', candidate_version = NULL,
                candidate_digest = NULL, percent = 0, businesses = '{}', state = 'settled'
            """)
        try await place.converged()
        let promoted = Array(repeating: "1.1.0", count: firms.count)
        for server in nodes { #expect(try await Self.versions(of: firms, at: server) == promoted) }

        let start = ContinuousClock.now
        try await place.operate(
            """
            UPDATE thorbis.plugin_rollout SET stable_version = '1.0.0', stable_digest = '\(old)',
                previous_version = NULL, previous_digest = NULL
            """)
        try await place.converged()
        print("rolled back on two nodes within \(ContinuousClock.now - start), connecting and asking included")
        for server in nodes { #expect(try await Self.versions(of: firms, at: server) == stable) }

        try await place.operate(
            "INSERT INTO thorbis.plugin_pin VALUES ('\(firms[3].businessID)', 'lend', '1.1.0', '\(new)')")
        try await place.converged()
        var pinned = stable
        pinned[3] = "1.1.0"
        for server in nodes { #expect(try await Self.versions(of: firms, at: server) == pinned) }
        for server in nodes { #expect(try await server.stop() == 0) }
        #expect(try await place.ask("SELECT count(*)::text FROM thorbis.host") == "0", "they have left")
    }

    @Test func `a damaged package on one node stops the rollout everywhere, and says why`() async throws {
        let place = try await RolloutPlace()
        defer { place.remove() }
        let old = try await place.install("1.0.0", hasNote: false)
        let servers = try await place.serve()
        let firm = try await Firm.signUp(at: servers[0].baseURL)
        let new = try await place.install("1.1.0", hasNote: true)
        #expect(try await place.nodes[0].run("db", "migrate").code == 0)
        try "tampered".write(
            to: place.nodes[1].data.appending(path: "plugins/lend/1.1.0/manifest.yaml"), atomically: true,
            encoding: .utf8)
        try await place.operate(
            """
            INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, candidate_version,
                candidate_digest, state, percent) VALUES ('lend', '1.0.0', '\(old)', '1.1.0', '\(new)', 'rolling', 100)
            """)
        let reason = try await eventually(within: .seconds(20)) {
            try await place.ask("SELECT reason FROM thorbis.plugin_rollout WHERE state = 'rolled_back'")
        }
        #expect(reason.contains("data-2/ can't serve it"), "\(reason)")
        #expect(reason.contains("TP2406"), "\(reason)")
        try await place.converged()
        for server in servers { #expect(try await Self.version(of: firm, at: server) == "1.0.0") }

        // A stable version that isn't the same package everywhere: the second node goes on with what it serves.
        try await place.operate("UPDATE thorbis.plugin_rollout SET stable_version = '1.1.0', stable_digest = '\(new)'")
        let refusal = try await eventually(within: .seconds(20)) {
            try await place.ask(
                "SELECT a.detail FROM thorbis.rollout_ack a JOIN thorbis.plugin_rollout r USING (plugin, revision) "
                    + "WHERE a.outcome = 'refused'")
        }
        #expect(refusal.contains("TP2406"), "\(refusal)")
        try await place.converged(1)
        #expect(try await Self.version(of: firm, at: servers[0]) == "1.1.0")
        #expect(try await Self.version(of: firm, at: servers[1]) == "1.0.0")
        // Started anew it would serve something else than all others: it doesn't.
        #expect(try await servers[1].stop() == 0)
        let failure = await #expect(throws: StartFailure.self) { _ = try await place.nodes[1].serve() }
        #expect(failure?.log.contains("TP2406") == true)
        #expect(try await servers[0].stop() == 0)
    }

    @Test func `a node that was killed is a straggler until it counts as gone`() async throws {
        let place = try await RolloutPlace()
        defer { place.remove() }
        let old = try await place.install("1.0.0", hasNote: false)
        let servers = try await place.serve()
        let new = try await place.install("1.1.0", hasNote: true)
        #expect(try await place.nodes[0].run("db", "migrate").code == 0)
        try await place.operate(
            """
            INSERT INTO thorbis.plugin_rollout (plugin, stable_version, stable_digest, candidate_version,
                candidate_digest, state, percent) VALUES ('lend', '1.0.0', '\(old)', '1.1.0', '\(new)', 'rolling', 10)
            """)
        try await place.converged()
        let children = ProcessTable.children(of: servers[1].processID)
        for process in [servers[1].processID] + children { kill(process, SIGKILL) }
        try await place.operate("UPDATE thorbis.plugin_rollout SET percent = 20")
        try await place.converged(1)
        let behind =
            "SELECT count(*)::text FROM thorbis.rollout_ack a JOIN thorbis.plugin_rollout r USING (plugin) "
            + "WHERE a.revision < r.revision"
        #expect(try await place.ask(behind) == "1")
        #expect(try await place.ask("SELECT count(*)::text FROM thorbis.host") == "2")
        // Time is made to pass; the other one clears it away.
        try await place.operate(
            "UPDATE thorbis.host SET seen_at = seen_at - interval '20 s' WHERE node LIKE '%/data-2/'")
        try await eventually(within: .seconds(10)) {
            try await place.ask("SELECT count(*)::text FROM thorbis.host") == "1" ? true : nil
        }
        #expect(try await place.ask(behind) == "0")
        #expect(try await servers[0].stop() == 0)
    }
}
