import Crypto
import Foundation
import HostModel
import HostPostgres
import TestSupport
import Testing

/// Two installations, each with a data folder and a supervisor of its own, on one database.
struct RolloutPlace {
    /// Where packages are made.
    let publisher: PublishingPlace
    let database: TestDatabase
    let nodes: [Node]

    struct Node {
        let data: URL
        let environment: [String: String]

        func run(_ arguments: String...) async throws -> Command.Result {
            try await Command(arguments: arguments, environment: environment).runBeside()
        }

        func serve() async throws -> ThorbisServer {
            try await ThorbisServer.start(dataFolder: data, environment: environment)
        }
    }

    /// Makes both folders with the secrets that installations of one database share.
    init() async throws {
        publisher = try PublishingPlace()
        database = try await TestDatabase.fresh()
        try publisher.trust(unsigned: true)
        let (root, address) = (publisher.root, database.connectionString(as: .superuser))
        nodes = ["data", "data-2"].map { name in
            let data = root.appending(path: name)
            return Node(
                data: data,
                environment: [
                    "THORBIS_DATA": data.path(), "THORBIS_MANIFESTS": root.appending(path: "manifests").path(),
                    "DATABASE_URL": address, "THORBIS_PASSWORD_COST": "10",
                ])
        }
    }

    func remove() { publisher.remove() }

    /// Starts both, the second one with copies of the first one's keys.
    func serve() async throws -> [ThorbisServer] {
        let first = try await nodes[0].serve()
        try copyKeys()
        return [first, try await nodes[1].serve()]
    }

    private func copyKeys() throws {
        try FileManager.default.createDirectory(at: nodes[1].data, withIntermediateDirectories: true)
        let names = try FileManager.default.contentsOfDirectory(atPath: nodes[0].data.path())
        for name in names where !["plugins", "crashes", "tombstones"].contains(name) && !name.hasSuffix(".sock") {
            let copy = nodes[1].data.appending(path: name)
            guard !FileManager.default.fileExists(atPath: copy.path()) else { continue }
            try FileManager.default.copyItem(at: nodes[0].data.appending(path: name), to: copy)
        }
    }

    /// Publishes a version of `lend` and installs it on both; later ones have a `note`.
    ///
    /// - Returns: The digest of the package.
    func install(_ version: String, hasNote: Bool) async throws -> String {
        let more = hasNote ? ", note: {type: text, max: 50}" : ""
        #expect(try publisher.publish("lend", version: version, more: more).code == 0)
        if !FileManager.default.fileExists(atPath: nodes[1].data.path()) {
            try FileManager.default.createDirectory(at: nodes[1].data, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: nodes[0].data.appending(path: "trust.yaml"), to: nodes[1].data.appending(path: "trust.yaml"))
        }
        for node in nodes {
            let installed = try await node.run("plugin", "install", publisher.path("lend"))
            #expect(installed.code == 0, "\(installed.output)")
        }
        let index = try Data(contentsOf: publisher.root.appending(path: "lend/index.json"))
        return SHA256.hash(data: index).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Runs a statement as the operator would.
    func operate(_ text: String) async throws {
        try await database.connected(as: .owner) { database in
            _ = try await database.run(Self.unit(text))
        }
    }

    /// One value, as text; nil for no row.
    func ask(_ text: String) async throws -> String? {
        let answer = Box()
        try await database.connected(as: .owner) { database in
            let rows = try await database.run(Self.unit(text))[0]
            if rows.count > 0 { answer.text = rows.text(0, 0) }
        }
        return answer.text
    }

    /// `@unchecked Sendable`: written and read by one task, one after the other.
    private final class Box: @unchecked Sendable {
        var text: String?
    }

    private static func unit(_ text: String) -> DatabaseUnit {
        DatabaseUnit([SQLCommand(SQLStatement(name: nil, text: text), [])], deadline: .seconds(10))
    }

    /// Waits until every host that isn't gone has said of the row's revision that it serves it.
    func converged(_ hosts: Int = 2) async throws {
        try await eventually(within: .seconds(20)) {
            let count = try await ask(
                """
                SELECT count(*)::text FROM thorbis.rollout_ack a JOIN thorbis.plugin_rollout r USING (plugin, revision)
                WHERE a.outcome = 'serves'
                """)
            return count == "\(hosts)" ? true : nil
        }
    }
}
