import Foundation
import HostModel
import Testing

/// Plugins that end, or hold, the process they run in, on the real binary.
struct CrashTests {
    /// What an operation does to its host, and what is to be told of it.
    private struct Harm {
        let operation: String
        let kind: String
        var signal: Int64?
        /// Not of work that was detached from its call.
        var tellsOperation = true
    }

    private static let harms = [
        Harm(operation: "trapIndex", kind: "signal", signal: 4), Harm(operation: "trapNil", kind: "signal", signal: 4),
        Harm(operation: "trapOverflow", kind: "signal", signal: 4),
        Harm(operation: "failFatally", kind: "signal", signal: 4),
        Harm(operation: "pokePointer", kind: "signal", signal: 11),
        Harm(operation: "overflowStack", kind: "signal", signal: 11),
        Harm(operation: "abortNow", kind: "signal", signal: 6), Harm(operation: "leave", kind: "exit"),
        Harm(operation: "trapDetached", kind: "signal", signal: 4, tellsOperation: false),
    ]

    @Test func `every kind of crash is put down to its plugin and operation`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        for harm in Self.harms {
            let host = try await place.host(of: server)
            // It dies under the request, so there is no answer.
            await #expect(throws: (any Error).self) { try await firm.misbehave(harm.operation, at: host.baseURL) }
            host.wait()
            // The next host looks after it.
            try await place.host(of: server).stop()
            let all = try place.tombstones()
            let tombstone = try #require(all.first, "\(harm.operation)")
            #expect(tombstone["plugin"] == "bad", "\(harm.operation): \(tombstone.text)")
            #expect(tombstone["version"] == "1.0.0")
            #expect(tombstone["kind"]?.string == harm.kind, "\(harm.operation): \(tombstone.text)")
            #expect(tombstone["signal"]?.int == harm.signal, "\(harm.operation): \(tombstone.text)")
            #expect(tombstone["operation"]?.string == (harm.tellsOperation ? harm.operation : nil))
            #expect(tombstone["phase"] == "serving")
            try FileManager.default.removeItem(at: place.data.appending(path: "tombstones"))
        }
        #expect(try await server.stop() == 0)
    }

    @Test func `a plugin that leaks has its host replaced, and no request is lost`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        let server = try await place.serve(["THORBIS_MEMORY_MAX": "400"])
        let firm = try await Firm.signUp(at: server.baseURL)
        let client = HTTPClient(baseURL: server.baseURL)
        // 64 megabytes each.
        for _ in 0..<6 { #expect(try await firm.misbehave("leak", at: server.baseURL).status == 204) }
        let tombstone = try await eventually(within: .seconds(60)) {
            #expect(try await client.get("/healthz").status == 200)
            let folder = place.data.appending(path: "tombstones").path()
            guard FileManager.default.fileExists(atPath: folder) else { return nil as JSONValue? }
            return try place.tombstones().first
        }
        #expect(tombstone["kind"] == "memory" && tombstone["plugin"]?.string == nil, "\(tombstone.text)")
        #expect(try await client.get("/healthz").status == 200)
        #expect(try await server.stop() == 0)
        let refused = try Command(arguments: ["up"], environment: ["THORBIS_MEMORY_MAX": "-1"]).run()
        #expect(refused.code == 2 && refused.output.contains("THORBIS_MEMORY_MAX is -1"), "\(refused.output)")
    }

    @Test func `the third crash takes a version out of service, the one before takes over, and release brings it back`()
        async throws
    {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        try MisbehavingPlugin.install("1.1.0", in: place)
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        var url = server.baseURL
        for _ in 0..<3 {
            await #expect(throws: (any Error).self) { try await firm.misbehave("trapIndex", at: url) }
            url = try await place.address(of: server)
        }
        let list = try await place.detached("plugin", "list").output
        #expect(list.contains("bad 1.1.0 is quarantined since "), "\(list)")
        #expect(list.contains("3 crashes within 10 minutes, the last one: signal 4 in trapIndex"), "\(list)")
        #expect(list.contains("bad 1.0.0 serves"), "\(list)")
        #expect(try await firm.misbehave("behave", at: url).status == 204)
        #expect(try await place.detached("plugin", "crashes", "bad").output.split(separator: "\n").count == 3)
        let metrics = try await HTTPClient(baseURL: url).get("/metrics").text
        #expect(metrics.contains("thorbis_plugin_crashes_total{plugin=\"bad\"} 3\n"))

        // Nothing is left that may run: the plugin's records are still there, and so is everybody else.
        let taken = try await place.detached("plugin", "quarantine", "bad", "--reason", "looked at by Pat")
        #expect(taken.code == 0, "\(taken.output)")
        #expect(taken.output.contains("bad 1.1.0 is quarantined, generation"), "\(taken.output)")
        let here = HTTPClient(baseURL: url, token: firm.client.token)
        let refused = try await firm.misbehave("behave", at: url)
        #expect(refused.status == 503)
        #expect(refused.json["code"] == "plugin_quarantined")
        #expect(refused.header("Retry-After") == "60")
        #expect(try await here.post("\(MisbehavingPlugin.root)/things", ["title": "still"]).status == 201)
        #expect(try await here.get("\(Firm.core)/items").status == 200)

        let released = try await place.detached("plugin", "release", "bad")
        #expect(released.code == 0, "\(released.output)")
        #expect(released.output.contains("bad 1.1.0 serves"), "\(released.output)")
        #expect(try await firm.misbehave("behave", at: url).status == 204)
        #expect(try await place.detached("plugin", "release", "bad").code == 1, "there is nothing to release")
        #expect(try await server.stop() == 0)
    }

    @Test func `a plugin that spins or blocks costs its own operations, and its host is replaced`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        let first = try place.hosts()
        for operation in ["spin", "block"] {
            let answer = try await firm.misbehave(operation, at: server.baseURL)
            #expect(answer.status == 504, "\(answer.text)")
            #expect(answer.json["code"] == "deadline_exceeded")
        }
        // Both of its threads are gone: it refuses, everything else goes on.
        #expect(try await firm.misbehave("behave", at: server.baseURL).status == 503)
        #expect(try await firm.client.get("\(MisbehavingPlugin.root)/things").status == 200)
        #expect(try await firm.client.get("\(Firm.core)/items").status == 200)

        try await eventually(within: .seconds(60)) {
            let hosts = try place.hosts()
            return hosts.isEmpty || hosts == first ? nil : true
        }
        let url = try await place.address(of: server)
        #expect(try await firm.misbehave("behave", at: url).status == 204)
        let tombstone = try #require(try place.tombstones().first)
        #expect(tombstone["kind"] == "stuck")
        #expect(tombstone["plugin"] == "bad")
        #expect(["spin", "block"].contains(tombstone["operation"]?.string ?? ""), "\(tombstone.text)")
        #expect(try await server.stop() == 0)
    }
}

extension Firm {
    fileprivate func misbehave(_ operation: String, at url: URL) async throws -> Answer {
        try await HTTPClient(baseURL: url, token: client.token)
            .post("\(MisbehavingPlugin.root)/\(operation.lowercased())", [:])
    }
}

extension PublishingPlace {
    /// A host beside the one that `up` watches, on the same database, which nobody starts again.
    fileprivate func host(of server: ThorbisServer) async throws -> LoneHost {
        let address = try await detached("db", "url").output.trimmingCharacters(in: .whitespacesAndNewlines)
        return try await LoneHost.start(
            environment: [
                "THORBIS_DATA": data.path(), "THORBIS_MANIFESTS": path("manifests"), "DATABASE_URL": address,
                "THORBIS_PORT": "0", "SWIFT_BACKTRACE": "enable=no",
            ])
    }

    fileprivate func tombstones() throws -> [JSONValue] {
        let shown = try run("plugin", "crashes", "--format", "json")
        return try #require(try JSONParser.parse(Array(shown.output.utf8)).array, "\(shown.output)")
    }

    /// Where the next host serves, once it does: with port 0 it may be elsewhere.
    fileprivate func address(of server: ThorbisServer) async throws -> URL {
        try await eventually(within: .seconds(60)) {
            let lines = try String(contentsOfFile: path("data.log"), encoding: .utf8).split(separator: "\n")
            let address = lines.last { $0.hasPrefix("ready http://") }.flatMap { URL(string: String($0.dropFirst(6))) }
            guard let address, (try? await HTTPClient(baseURL: address).get("/readyz"))?.status == 200 else {
                return nil
            }
            return address
        }
    }

    /// The ids of the hosts that serve.
    fileprivate func hosts() throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: data.path())
        return Set(names.filter { $0.hasPrefix("control-") })
    }
}

/// `thorbis serve` without anybody who starts it again.
private struct LoneHost {
    let baseURL: URL
    private let process: Process
    private let output: Pipe

    static func start(environment: [String: String]) async throws -> LoneHost {
        let (process, output) = try Command(
            arguments: ["serve"], environment: environment, hearsErrors: false
        ).start()
        let ready = "ready "
        var text = ""
        while !text.contains("\n") {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { break }
            text += String(decoding: piece, as: UTF8.self)
        }
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(ready) }, "\(text)")
        return LoneHost(
            baseURL: try #require(URL(string: String(line.dropFirst(ready.count)))), process: process, output: output)
    }

    /// Blocks until it has ended.
    func wait() { process.waitUntilExit() }

    func stop() {
        process.terminate()
        wait()
    }
}
