import Foundation
import HostModel
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Plugins that change while the host serves, on the real binary.
struct ReloadTests {
    @Test func `under load no request fails, and a new generation serves once the reload is reported`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        #expect(try place.publish("hs", library: "libHomeServicesPlugin.so").code == 0)
        #expect(try place.run("plugin", "install", place.path("hs")).code == 0)
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        let order = try await firm.workOrder()
        let load = Load(firm: firm, order: try #require(order["id"]?.string))
        let failures = try await load.during {
            for turn in 1...5 {
                let reloaded = try await place.detached("plugin", "reload", "hs")
                #expect(reloaded.code == 0, "\(reloaded.output)")
                #expect(reloaded.output.contains("hs 1.0.0 serves, generation \(turn + 2)"), "\(reloaded.output)")
            }
        }
        #expect(failures == [])
        #expect(load.count > 50)
        let list = try place.run("plugin", "list").output
        #expect(list.contains("hs 1.0.0 serves, generation 7"), "\(list)")
        #expect(list.contains("hs 1.0.0 is retired, generation 2"), "\(list)")
        #expect(list.contains(" 0 faults, 0 in flight"))
        let metrics = try await HTTPClient(baseURL: server.baseURL).get("/metrics").text
        let labels = "host=\"1\",plugin=\"hs\",generation=\"7\",outcome=\"done\""
        #expect(metrics.contains("thorbis_plugin_calls_total{\(labels)}"))
        #expect(metrics.contains("thorbis_plugin_generations{host=\"1\",plugin=\"hs\",state=\"retired\"} 5"))
        #expect(!metrics.contains("plugin=\"hs\",generation=\"2\""), "a retired generation's series have ended")
        #expect(try await firm.act("schedule", on: order, place.times).status == 200)
        _ = try await server.stop()
    }

    @Test func `a next version brings its field, its route and its tables, and a refused one changes nothing`()
        async throws
    {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        #expect(try place.publish("lend", version: "1.0.0").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        let loans = "/api/lend/app/v1/loans"
        #expect(try await firm.client.post(loans, ["tool": "drill", "note": "new"]).status == 422)
        let loan = try await firm.make(loans, ["tool": "drill"])

        #expect(try place.publish("lend", version: "1.1.0", more: ", note: {type: text, max: 50}").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        let reloaded = try await place.detached("plugin", "reload")
        #expect(reloaded.code == 0, "\(reloaded.output)")
        #expect(reloaded.output.contains("lend: add column lend.loan.note text"), "\(reloaded.output)")
        #expect(reloaded.output.contains("core 1.0.0 serves, generation 1"))
        #expect(!reloaded.output.contains("/api/"), "no route came or went")
        #expect(reloaded.output.contains("lend 1.1.0 serves, generation 3"))
        #expect(try await firm.client.post(loans, ["tool": "saw", "note": "new"]).status == 201)
        let id = try #require(loan["id"]?.string)
        #expect(try await firm.client.get("\(loans)/\(id)").json["note"] == .null)
        let document = try await firm.client.get("/api/public/v1/openapi.json").text
        #expect(document.contains("\"note\""))

        // An entity more.
        let more = ", note: {type: text, max: 50}}}\n  shelf: {route: shelves, fields: {name: {type: text, max: 9}"
        #expect(try place.publish("lend", version: "1.1.1", more: more).code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        let shelves = try await place.detached("plugin", "reload")
        #expect(
            shelves.output.contains("+ /api/lend/app/v1/shelves POST, lend.shelf.create\n"), "\(shelves.output)")
        #expect(try await firm.client.post("/api/lend/app/v1/shelves", ["name": "top"]).status == 201)

        // A field of another type: the migration refuses it, the host goes on with what it has.
        #expect(try place.publish("lend", version: "1.2.0", more: ", note: {type: int, min: 0, max: 9}").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        let refused = try await place.detached("plugin", "reload")
        #expect(refused.code == 1)
        #expect(refused.output.contains("TD2002"), "\(refused.output)")
        #expect(try await firm.client.post(loans, ["tool": "axe", "note": "old"]).status == 201)
        #expect(try place.run("plugin", "list").output.contains("lend 1.1.1 serves"))

        // Back to the version before, by the pointer.
        #expect(try place.run("plugin", "activate", "lend", "1.0.0").code == 0)
        let back = try await place.detached("plugin", "reload")
        #expect(back.output.contains("lend 1.0.0 serves"), "\(back.output)")
        #expect(!back.output.contains("+ "), "\(back.output)")
        #expect(try await firm.client.post(loans, ["tool": "axe", "note": "old"]).status == 422)
        #expect(try await firm.client.post(loans, ["tool": "axe"]).status == 201)
        _ = try await server.stop()
    }

    @Test func `a touched package, and a plugin that isn't there, are refused while the host serves on`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        #expect(try place.publish("lend", version: "1.0.0").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        #expect(try place.run("plugin", "reload").output.contains("no host is running"))
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        #expect(try await place.detached("plugin", "reload", "nobody").code == 1)
        try "tampered".write(
            to: place.data.appending(path: "plugins/lend/1.0.0/manifest.yaml"), atomically: true, encoding: .utf8)
        let refused = try await place.detached("plugin", "reload")
        #expect(refused.code == 1)
        #expect(refused.output.contains("TP2406"), "\(refused.output)")
        #expect(try await firm.client.post("/api/lend/app/v1/loans", ["tool": "axe"]).status == 201)
        _ = try await server.stop()
    }

    @Test func `who connects to the control socket and says nothing keeps nobody from being answered`() async throws {
        let server = try await ThorbisServer.shared.value
        let names = try FileManager.default.contentsOfDirectory(atPath: server.dataFolder.path())
        let socket = try #require(names.first { $0.hasPrefix("control-") })
        let path = server.dataFolder.appending(path: socket).path()
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let silent = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path).get()
        let list = try Command(
            arguments: ["plugin", "list"], environment: ["THORBIS_DATA": server.dataFolder.path()]
        ).run()
        #expect(list.code == 0 && list.output.contains("core 1.0.0 serves"), "\(list.output)")
        try? await silent.close().get()
    }
}

/// Reads and operations, by several clients at once, whose answers must all be good.
private final class Load: Sendable {
    private let firm: Firm
    private let order: String
    private let answered = Mutex(0)
    private let isOver = Atomic(false)
    private static let clients = 8

    init(firm: Firm, order: String) {
        self.firm = firm
        self.order = order
    }

    var count: Int { answered.withLock { $0 } }

    /// - Returns: Every answer that was no 200 or 201.
    func during(_ body: @Sendable @escaping () async throws -> Void) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for client in 0..<Self.clients {
                group.addTask {
                    var failures: [String] = []
                    while !self.isOver.load(ordering: .relaxed) { failures += try await self.ask(client) }
                    return failures
                }
            }
            group.addTask {
                defer { self.isOver.store(true, ordering: .relaxed) }
                try await body()
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func ask(_ client: Int) async throws -> [String] {
        let answer =
            client % 4 == 0
            ? try await firm.client.post(
                "\(Firm.hs)/work-orders/\(order)/actions/set-lines",
                ["lines": [["description": "Call-out", "qty_milli": 1000, "unit_price_minor": 2500]]])
            : try await firm.client.get("\(Firm.hs)/work-orders/\(order)")
        answered.withLock { $0 += 1 }
        return answer.status == 200 ? [] : ["\(answer.status) \(answer.text)"]
    }
}
