import Foundation
import HostModel
import Testing

/// The operator's commands on rollouts, on one host of the real binary; `RolloutTests` have several.
struct RolloutCommandTests {
    private static let things = "\(MisbehavingPlugin.root)/things"

    /// A place with two versions, of which the first one serves and the second one has a `note`.
    private static func with(
        _ test: (_ place: PublishingPlace, _ ann: Firm, _ bob: Firm) async throws -> Void
    ) async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        let server = try await place.serve()
        let (ann, bob) = (try await Firm.signUp(at: server.baseURL), try await Firm.signUp(at: server.baseURL))
        try MisbehavingPlugin.install("1.1.0", in: place, fields: ", note: {type: text, max: 50}")
        try await test(place, ann, bob)
        #expect(try await server.stop() == 0)
    }

    private static func versions(of firms: Firm...) async throws -> [String] {
        var versions: [String] = []
        for firm in firms {
            let status = try await firm.client.post(things, ["title": "t", "note": "n"]).status
            versions.append(status == 201 ? "1.1.0" : status == 422 ? "1.0.0" : "\(status)")
        }
        return versions
    }

    @Test func `a candidate is tried, taken back by the gate, promoted, rolled back, and a business pinned`()
        async throws
    {
        try await Self.with { place, ann, bob in
            // Its installation changed the version in use; what serves is the stable one.
            let tried = try await place.detached(
                "plugin", "rollout", "bad", "--version", "1.1.0", "--business", ann.businessID)
            #expect(tried.code == 0, "\(tried.output)")
            #expect(tried.output.contains("bad: add column bad.thing.note text"), "\(tried.output)")
            #expect(
                tried.output.contains(
                    "bad 1.1.0 is tried by 1 business by name; 1.0.0 serves all others, revision 1\n1 host serves it"),
                "\(tried.output)")
            #expect(try await Self.versions(of: ann, bob) == ["1.1.0", "1.0.0"])
            let status = try await place.detached("plugin", "status", "bad").output
            #expect(status.contains("the gate waits: "), "\(status)")
            #expect(status.contains(" serves revision 1\n"), "\(status)")

            // Undeclared refusals are faults.
            for _ in 0..<3 { _ = try await ann.client.post("\(MisbehavingPlugin.root)/lie", [:]) }
            let back = try await eventually(within: .seconds(20)) {
                let status = try await place.detached("plugin", "status", "bad").output
                return status.contains("was taken back: the gate failed: ") ? status : nil
            }
            #expect(back.contains(" calls ended in a fault, "), "\(back)")
            try await eventually(within: .seconds(20)) {
                try await Self.versions(of: ann, bob) == ["1.0.0", "1.0.0"] ? true : nil
            }

            let all = try await place.detached("plugin", "rollout", "bad", "--version", "1.1.0", "--percent", "100")
            #expect(all.code == 0, "\(all.output)")
            #expect(try await Self.versions(of: ann, bob) == ["1.1.0", "1.1.0"])
            #expect(try await place.detached("plugin", "rollout", "bad", "--percent", "50").output.contains("50 %"))
            let promoted = try await place.detached("plugin", "rollout", "bad", "--promote")
            #expect(promoted.output.contains("bad 1.1.0 serves everybody, revision "), "\(promoted.output)")
            #expect(try await Self.versions(of: ann, bob) == ["1.1.0", "1.1.0"])

            let rolledBack = try await place.detached("plugin", "rollback", "bad", "--reason", "Pat said so")
            #expect(
                rolledBack.output.contains("bad 1.0.0 serves everybody, 1.1.0 was taken back: Pat said so"),
                "\(rolledBack.output)")
            #expect(try await Self.versions(of: ann, bob) == ["1.0.0", "1.0.0"])
            let pinned = try await place.detached(
                "plugin", "pin", "bad", "--version", "1.1.0", "--business", bob.businessID)
            #expect(pinned.code == 0, "\(pinned.output)")
            #expect(try await Self.versions(of: ann, bob) == ["1.0.0", "1.1.0"])
            let json = try await place.detached("plugin", "status", "--format", "json").output
            let row = try #require(try JSONParser.parse(Array(json.utf8)).array?.first)
            #expect(row["state"] == "rolled_back" && row["reason"] == "Pat said so", "\(json)")
            #expect(row["pins"]?.array?.first?["business"]?.string == bob.businessID, "\(json)")
            #expect(row["hosts"]?.array?.map { $0["answer"] } == ["serves"], "\(json)")
            let unpinned = try await place.detached("plugin", "unpin", "bad", "--business", bob.businessID)
            #expect(unpinned.code == 0, "\(unpinned.output)")
            #expect(try await Self.versions(of: ann, bob) == ["1.0.0", "1.0.0"])
        }
    }

    @Test func `orders that make no sense say why, and change nothing`() async throws {
        try await Self.with { place, ann, _ in
            let nobody = UUID().uuidString
            let orders: [(arguments: [String], code: Int32, says: String)] = [
                (["rollout", "bad"], 2, "name one with --version"),
                (["rollout", "Bad", "--version", "1.1.0"], 2, "give a plugin's id"),
                (["rollout", "bad", "--version", "one"], 2, "one is no version"),
                (["rollout", "bad", "--version", "9.9.9"], 2, "bad 9.9.9 is not installed"),
                (["rollout", "core", "--version", "1.0.0"], 2, "core 1.0.0 is not installed"),
                (["rollout", "bad", "--version", "1.1.0", "--percent", "101"], 2, "--percent is 101"),
                (["rollout", "bad", "--version", "1.1.0", "--percent", "0"], 2, "nobody would be served"),
                (["rollout", "bad", "--version", "1.1.0", "--business", "b"], 2, "b is no business id"),
                (["rollout", "bad", "--version", "1.1.0", "--business", nobody], 2, "there is no business"),
                (["rollout", "bad", "--version", "1.1.0", "--promote"], 2, "leave the other options out"),
                (["rollout", "bad", "--version", "1.1.0", "--wait", "601"], 2, "--wait is 601"),
                (["rollout", "bad", "--version", "1.0.0"], 1, "bad 1.0.0 serves everybody already"),
                (["rollout", "bad", "--promote"], 1, "no version of bad is being tried"),
                (["rollback", "bad"], 1, "no version to go back to"),
                (["pin", "bad", "--version", "9.9.9", "--business", ann.businessID], 2, "is not installed"),
                (["pin", "bad", "--version", "1.1.0", "--business", nobody], 2, "there is no business"),
                (["unpin", "bad", "--business", ann.businessID], 1, "isn't pinned to a version of bad"),
                (["status"], 0, "nothing was rolled out or pinned"),
            ]
            for order in orders {
                let said = try await place.detached(["plugin"] + order.arguments)
                #expect(
                    said.code == order.code && said.output.contains(order.says), "\(order.arguments): \(said.output)")
            }
            // A name that the version in service asks for by its former one can't be tried beside it.
            let all = ["plugin", "rollout", "bad", "--version", "1.1.0", "--percent", "100"]
            #expect(try await place.detached(all).code == 0)
            #expect(try await place.detached("plugin", "rollout", "bad", "--promote").code == 0)
            try MisbehavingPlugin.install("1.2.0", in: place, fields: ", remark: {type: text, max: 50, was: note}")
            let renamed = try await place.detached("plugin", "rollout", "bad", "--version", "1.2.0")
            #expect(renamed.code == 1, "\(renamed.output)")
            #expect(renamed.output.contains("can't be tried beside the version in service"), "\(renamed.output)")
            #expect(try await Self.versions(of: ann) == ["1.1.0"])
        }
    }
}
